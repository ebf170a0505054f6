import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { paragraph, say, type Block } from '../../../src/chat/message.js';
import { VirtualScreen } from '../../support/virtual-screen.js';
import { channel, forever, terminal } from './support.js';

describe('at a terminal', () => {
  // Node's line editor looks at it by itself.
  const before = process.env['TERM'];
  beforeAll(() => {
    process.env['TERM'] = 'xterm';
  });
  afterAll(() => {
    if (before === undefined) delete process.env['TERM'];
    else process.env['TERM'] = before;
  });

  /** A person at a keyboard: what is typed, and what the screen shows then. */
  function person(columns = 60) {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new VirtualScreen(columns);
    const chat = terminal({ input, output });
    const taken: string[] = [];
    const talking = (async () => {
      for await (const incoming of chat.incoming(forever)) taken.push(incoming.text);
    })();
    /** Until everything that is under way has been drawn: turns of the event loop, no time. */
    const settled = async (): Promise<void> => {
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const type = async (keys: string): Promise<void> => {
      input.write(keys);
      await settled();
    };
    return {
      input,
      output,
      chat,
      taken,
      talking,
      type,
      settled,
      told: (text: string) => chat.send(channel, say(text), 'key'),
    };
  }

  test('the prompt says who speaks; what is entered becomes a line of the channel', async () => {
    const { output, taken, type } = person();
    await type('');
    expect(output.text()).toBe('alice>');
    await type('go 41\r');
    expect(output.text()).toBe('[14:00:02] #operations <alice> go 41\nalice>');
    expect(output.cursor()).toEqual([1, 7]);
    expect(taken).toEqual(['!switchdc go 41']);
  });

  test('what is said while somebody types goes above it, and the cursor stays', async () => {
    const { output, told, type } = person();
    await type('go 4');
    await type('\u001b[D');
    await told('read-only starts');
    expect(output.text()).toBe('[14:00:02] #operations <switchdc> read-only starts\nalice> go 4');
    expect(output.cursor()).toEqual([1, 10]);
    await type('9');
    expect(output.text()).toBe('[14:00:02] #operations <switchdc> read-only starts\nalice> go 94');
  });

  test.each([
    ['typed', (text: string) => Array.from(text)],
    ['pasted', (text: string) => [text]],
    ['pasted up to the end of a row', (text: string) => [text.slice(0, 33), text.slice(33)]],
  ])('also when what is %s takes several rows', async (_how, keys) => {
    const { output, taken, told, type } = person(40);
    const long = 'log one two three four five six seven eight nine ten eleven twelve thirteen';
    for (const key of keys(long)) {
      await type(key);
      await told('x');
    }
    await told('y');
    const said = keys(long).map(() => '[14:00:02] #operations <switchdc> x');
    const rows = [
      'alice> log one two three four five six s',
      'even eight nine ten eleven twelve thirte',
      'en',
    ];
    expect(output.text()).toBe([...said, '[14:00:02] #operations <switchdc> y', ...rows].join('\n'));
    await type('\u001b[D\u001b[D-');
    expect(output.text().endsWith('thirte\n-en')).toBe(true);
    await type('\r');
    expect(taken).toEqual([`!switchdc ${long.replace('thirteen', 'thirte-en')}`]);
    expect(output.text()).not.toContain('\nalice> log');
    expect(output.text().endsWith('\nalice>')).toBe(true);
  });

  test('a live line stays at the bottom, is drawn in place, and leaves nothing behind', async () => {
    const { output, chat, told, type, settled } = person();
    const status = (done: number): Block => ({ kind: 'progress', label: 'read-only', done, of: 180 });
    await type('go');
    chat.live(status(9));
    chat.live(status(90));
    await settled();
    expect(output.text()).toBe('read-only [██████████░░░░░░░░░░] 90/180\nalice> go');
    await told('phase 3 ended');
    expect(output.text()).toBe(
      '[14:00:02] #operations <switchdc> phase 3 ended\nread-only [██████████░░░░░░░░░░] 90/180\nalice> go',
    );
    await type(' 41\r');
    expect(output.text()).toBe(
      [
        '[14:00:02] #operations <switchdc> phase 3 ended',
        '[14:00:02] #operations <alice> go 41',
        'read-only [██████████░░░░░░░░░░] 90/180',
        'alice>',
      ].join('\n'),
    );
    chat.live(undefined);
    await settled();
    expect(output.text()).not.toContain('read-only [');
    expect(output.text().endsWith('go 41\nalice>')).toBe(true);
  });

  test('a live line is cut to one row', async () => {
    const { output, chat, type } = person(20);
    chat.live(paragraph('a status that is much too long'));
    await type('go');
    expect(output.text()).toBe('a status that is m…\nalice> go');
  });

  test('/as shows in the prompt', async () => {
    const { output, type } = person();
    await type('/as bob\r');
    expect(output.text().split('\n').at(-1)).toBe('[PRACTICE] bob>');
    await type('go 41\r');
    expect(output.text()).toContain('#operations <bob> [PRACTICE] go 41');
  });

  test('several lines pasted at once are taken in order', async () => {
    const { taken, type, output } = person();
    await type('a\rb\rc');
    expect(taken).toEqual(['!switchdc a', '!switchdc b']);
    expect(output.text()).toBe(
      '[14:00:02] #operations <alice> a\n[14:00:02] #operations <alice> b\nalice> c',
    );
  });

  test('Tab completes', async () => {
    const { output, type } = person();
    await type('g\t');
    expect(output.text()).toBe('alice> go 41');
  });

  test('Control-C clears the line, and on an empty one it leaves', async () => {
    const { output, type, talking, chat } = person();
    await type('nonsense\u001b[D\u0003');
    expect(output.text()).toBe('alice>');
    await type('\u0003');
    await talking;
    await chat[Symbol.asyncDispose]();
    expect(output.text()).toBe('');
  });

  test('Control-D leaves', async () => {
    const { type, talking } = person();
    await type('\u0004');
    await talking;
  });

  test('after it is closed, what is said is still printed', async () => {
    const { output, told, talking, chat, type } = person();
    await type('');
    await chat[Symbol.asyncDispose]();
    await talking;
    await told('goodbye');
    expect(output.text()).toBe('[14:00:02] #operations <switchdc> goodbye');
  });
});

test('a live line without a prompt is drawn in place too', async () => {
  const output = new VirtualScreen(60);
  const chat = terminal({ input: new PassThrough(), output });
  chat.live(paragraph('one'));
  chat.live(paragraph('two'));
  await chat.send(channel, say('said'), 'key');
  expect(output.text()).toBe('[14:00:02] #operations <switchdc> said\ntwo');
  chat.live(undefined);
  await chat.send(channel, say('more'), 'key');
  expect(output.text()).toBe(
    '[14:00:02] #operations <switchdc> said\n[14:00:02] #operations <switchdc> more',
  );
});

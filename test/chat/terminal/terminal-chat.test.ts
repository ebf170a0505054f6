import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PassThrough, Readable, Writable } from 'node:stream';
import { NotSent } from '../../../src/chat/errors.js';
import { paragraph, say, type Block } from '../../../src/chat/message.js';
import type { IncomingMessage } from '../../../src/chat/platform.js';
import type { SlashCommand } from '../../../src/chat/terminal/slash.js';
import {
  openTerminalChat,
  type TerminalChat,
  type TerminalParts,
} from '../../../src/chat/terminal/terminal-chat.js';
import { instant, parseInstant } from '../../../src/domain/instant.js';
import { VirtualScreen } from '../../support/virtual-screen.js';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const noon = parseInstant('2026-03-25T14:00:02Z') ?? instant(0);
const clock = { now: () => noon, sleepUntil: () => Promise.resolve() };

const world: SlashCommand = {
  usage: '/world [PART]',
  means: 'show the world',
  run: async (words) =>
    words[0] === 'boom' ? Promise.reject(new Error('no\u0007 world')) : say(`the world ${words.join('+')}`),
};

function terminal(over: Pick<TerminalParts, 'input' | 'output'> & Partial<TerminalParts>): TerminalChat {
  return openTerminalChat({
    colours: 'none',
    term: 'xterm',
    clock,
    unixUser: 'alice',
    practice: { allowed: true, people: ['alice', 'bob'] },
    prefix: '!switchdc',
    channel: '#operations',
    speaker: 'switchdc',
    session: 's1',
    slash: new Map([['world', world]]),
    complete: (typed) => ['go 41 '].filter((line) => line.startsWith(typed)),
    ...over,
  });
}

const forever = new AbortController().signal;
const channel = { platform: 'terminal', channel: '#operations' } as const;

/** Reads everything, answering each message with its text. */
async function talk(chat: TerminalChat, signal = forever): Promise<IncomingMessage[]> {
  const all: IncomingMessage[] = [];
  for await (const incoming of chat.incoming(signal)) {
    all.push(incoming);
    await chat.send(incoming.from, say(`you said ${incoming.text}`), 'key');
  }
  return all;
}

describe('input that is no terminal', () => {
  const typed = (text: string | Buffer): Readable => Readable.from([Buffer.from(text)]);

  test('is a transcript as people would see it, each line answered before the next', async () => {
    const output = new Sink();
    await talk(terminal({ input: typed('status\n\n!switchdc go 41\r\n!log it works\n!else'), output }));
    expect(output.text.split('\n')).toEqual([
      '[14:00:02] #operations <alice> status',
      '[14:00:02] #operations <switchdc> you said !switchdc status',
      '[14:00:02] #operations <alice> !switchdc go 41',
      '[14:00:02] #operations <switchdc> you said !switchdc go 41',
      '[14:00:02] #operations <alice> !log it works',
      '[14:00:02] #operations <switchdc> you said !log it works',
      '[14:00:02] #operations <alice> !else',
      '[14:00:02] #operations <switchdc> you said !switchdc !else',
      '',
    ]);
  });

  test('every message has an id of its own and the identity of who started the process', async () => {
    const all = await talk(terminal({ input: typed('a\nb\n'), output: new Sink() }));
    expect(new Set(all.map(({ id }) => id)).size).toBe(2);
    expect(all[0]).toMatchObject({
      from: channel,
      sender: { kind: 'unix', user: 'alice' },
      calledThere: 'alice',
      at: noon,
    });
  });

  test('the user of the machine may be called something else in the channel', async () => {
    const output = new Sink();
    const all = await talk(terminal({ input: typed('a\n/as bob\n/as\n'), output, calledHere: 'Alice' }));
    expect(all[0]).toMatchObject({ sender: { kind: 'unix', user: 'alice' }, calledThere: 'Alice' });
    expect(output.text).toContain('#operations <Alice> a\n');
    expect(output.text).toContain('-- You speak as Alice.\n');
  });

  test('/as speaks for somebody, marked on each line, until it stops', async () => {
    const output = new Sink();
    const all = await talk(terminal({ input: typed('/as Bob\ngo 41\n/as\ngo 42\n'), output }));
    expect(all.map(({ sender }) => sender)).toEqual([
      { kind: 'practice', name: 'bob' },
      { kind: 'unix', user: 'alice' },
    ]);
    expect(output.text.split('\n').filter((line) => !line.includes('you said'))).toEqual([
      '[14:00:02] <alice> /as Bob',
      '[14:00:02] -- You speak as bob, for practice.',
      '[14:00:02] #operations <bob> [PRACTICE] go 41',
      '[14:00:02] <bob> [PRACTICE] /as',
      '[14:00:02] -- You speak as alice.',
      '[14:00:02] #operations <alice> go 42',
      '',
    ]);
  });

  test('where something real can be touched, /as changes nothing', async () => {
    const output = new Sink();
    const chat = terminal({
      input: typed('/as bob\ngo\n'),
      output,
      practice: { allowed: false, because: 'it is real' },
    });
    expect((await talk(chat))[0]?.sender).toEqual({ kind: 'unix', user: 'alice' });
    expect(output.text).toContain('-- Nobody can be spoken for here: it is real.');
  });

  test('other slash lines are commands of the practice, never said in the channel', async () => {
    const output = new Sink();
    const all = await talk(
      terminal({ input: typed('/world a "b c"\n/world boom\n/wrld\n/xyzzyx\n/help\n'), output }),
    );
    expect(all).toEqual([]);
    expect(output.text.split('\n').filter((line) => !line.includes('<alice>'))).toEqual([
      '[14:00:02] -- the world a+b c',
      '[14:00:02] -- That did not work: no world.',
      '[14:00:02] -- There is no "/wrld" here. Did you mean `/world`?',
      '[14:00:02] -- There is no "/xyzzyx" here. There are /world, /as, /help and /quit.',
      '[14:00:02] --',
      '           - `/as [NAME]`: speak as another person, for practice; without a name as yourself again',
      '           - `/help`: list what can be typed with a slash',
      '           - `/quit`: leave',
      '           - `/world [PART]`: show the world',
      '',
    ]);
  });

  test('/quit ends it, whatever follows', async () => {
    const input = new PassThrough();
    input.write('a\n/quit\nb\n');
    expect((await talk(terminal({ input, output: new Sink() }))).map(({ text }) => text)).toEqual([
      '!switchdc a',
    ]);
    expect(input.destroyed).toBe(true);
  });

  test('the signal ends it while it waits for input', async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const talking = talk(terminal({ input, output: new Sink() }), stop.signal);
    setImmediate(() => stop.abort());
    expect(await talking).toEqual([]);
  });

  test('a signal that was there before ends it at once', async () => {
    const input = new PassThrough();
    input.write('a\n');
    expect(await talk(terminal({ input, output: new Sink() }), AbortSignal.abort())).toEqual([]);
  });

  test('disposing of it ends it', async () => {
    const chat = terminal({ input: new PassThrough(), output: new Sink() });
    const talking = talk(chat);
    await chat[Symbol.asyncDispose]();
    expect(await talking).toEqual([]);
  });

  test('invalid bytes, endless lines and control characters are lines like others', async () => {
    const output = new Sink();
    const all = await talk(
      terminal({ input: typed(Buffer.from([0x61, 0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x0a])), output }),
    );
    expect(all.map(({ text }) => text)).toEqual(['!switchdc a\ufffd\u001b[2J']);

    expect(output.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const long = await talk(terminal({ input: typed('x'.repeat(3_000_000)), output: new Sink() }));
    expect(long[0]?.text.length).toBeLessThan(100_000);
  });

  test('a live line is not shown', async () => {
    const output = new Sink();
    terminal({ input: typed(''), output }).live(paragraph('read-only for 3 s'));
    expect(output.text).toBe('');
  });
});

describe('output that is gone', () => {
  class Broken extends Writable {
    override _write(_chunk: Buffer, _encoding: string, done: (error: Error) => void): void {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    }
  }

  test('what cannot be written is not sent, and the conversation ends', async () => {
    const chat = terminal({ input: new PassThrough(), output: new Broken() });
    await expect(chat.send(channel, say('x'), 'key')).rejects.toBeInstanceOf(NotSent);
    await expect(chat.send(channel, say('x'), 'key')).rejects.toBeInstanceOf(NotSent);
    expect(await talk(chat)).toEqual([]);
  });
});

test('what was said cannot be changed: it is said again', async () => {
  const output = new Sink();
  const chat = terminal({ input: new PassThrough(), output });
  const ref = await chat.send({ platform: 'terminal', channel: '#community' }, say('one'), 'key');
  const again = await chat.revise(ref, say('two'));
  expect(again.id).not.toBe(ref.id);
  expect(output.text).toBe('[14:00:02] #community <switchdc> one\n[14:00:02] #community <switchdc> two\n');
});

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

test('a dumb terminal is read and written line by line', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new VirtualScreen(60);
  input.end('go 41\n');
  const chat = terminal({ input, output, term: 'dumb' });
  chat.live(paragraph('read-only for 3 s'));
  expect((await talk(chat)).map(({ text }) => text)).toEqual(['!switchdc go 41']);
  expect(output.text().split('\n')[0]).toBe('[14:00:02] #operations <alice> go 41');
});

import { describe, expect, test } from '@jest/globals';
import { PassThrough, Readable, Writable } from 'node:stream';
import { NotSent } from '../../../src/chat/errors.js';
import { paragraph, say } from '../../../src/chat/message.js';
import { VirtualScreen } from '../../support/virtual-screen.js';
import { channel, noon, Sink, talk, terminal } from './support.js';

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

  test.each([
    ['as bob', '/as bob'],
    ['world a', '/world a'],
    ['exit', '/quit'],
    ['Quit', '/quit'],
  ])('%s lacks its slash: that is said, and it is not said in the channel', async (line, meant) => {
    const output = new Sink();
    expect(await talk(terminal({ input: typed(`${line}\n`), output }))).toEqual([]);
    expect(output.text.split('\n')).toEqual([
      `[14:00:02] <alice> ${line}`,
      `[14:00:02] -- Did you mean \`${meant}\`? What is for this prompt alone begins with a slash.`,
      '',
    ]);
  });

  test('a word that is a command is one, whatever there is with a slash', async () => {
    const complete = (word: string): string[] => [`${word} `];
    const all = await talk(terminal({ input: typed('world\nhelp\n'), output: new Sink(), complete }));
    expect(all.map(({ text }) => text)).toEqual(['!switchdc world', '!switchdc help']);
  });

  test('what begins with the name of who answers is for us too', async () => {
    const all = await talk(
      terminal({ input: typed('switchdc go 41\nswitchdc: why\nswitchdcs\n'), output: new Sink() }),
    );
    expect(all.map(({ text }) => text)).toEqual(['!switchdc go 41', '!switchdc why', '!switchdc switchdcs']);
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

test('a dumb terminal is read and written line by line', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new VirtualScreen(60);
  input.end('go 41\n');
  const chat = terminal({ input, output, term: 'dumb' });
  chat.live(paragraph('read-only for 3 s'));
  expect((await talk(chat)).map(({ text }) => text)).toEqual(['!switchdc go 41']);
  expect(output.text().split('\n')[0]).toBe('[14:00:02] #operations <alice> go 41');
});

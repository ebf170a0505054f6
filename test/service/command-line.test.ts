import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { ReplyStatus } from '../../src/chat/command.js';
import { noArguments } from '../../src/chat/grammar.js';
import { say, spanText } from '../../src/chat/message.js';
import { openRegistry } from '../../src/chat/registry.js';
import { answered } from '../../src/chat/reply.js';
import {
  type CommandLineParts,
  type Executed,
  type Invocation,
  type OwnCommand,
  runCommandLine,
} from '../../src/service/command-line.js';
import { type CommandLineOptions, readCommandLine } from '../../src/service/command-line-options.js';
import { DataDirectoryUnusable } from '../../src/service/errors.js';
import type { Followed } from '../../src/service/socket-server.js';
import { command, goGrammar, logGrammar } from '../chat/support.js';
import { type CompiledCopy, compiledCopy } from '../support/compiled-copy.js';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

class Closed extends Writable {
  constructor(readonly code: string) {
    super();
  }
  override _write(_chunk: Buffer, _encoding: string, done: (error: Error) => void): void {
    done(Object.assign(new Error(`write ${this.code}`), { code: this.code }));
  }
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly invocations: readonly Invocation[];
  readonly opened: readonly CommandLineOptions[];
  readonly closed: number;
}

const usualReply = answered(say('all is well'), { fine: true, text: 'a\u009bb' });

async function run(
  argv: readonly string[],
  execute: (invocation: Invocation) => Promise<Executed> = async () => ({ reply: usualReply }),
  over: Partial<CommandLineParts> = {},
): Promise<Ran> {
  const stdout = new Sink();
  const stderr = new Sink();
  const invocations: Invocation[] = [];
  const opened: CommandLineOptions[] = [];
  let closed = 0;
  const registry = openRegistry([
    command('next', noArguments, { example: 'next' }),
    command('go', goGrammar, { example: 'go 41', requires: 'answer', writes: true }),
    command('log', logGrammar, { example: 'log x', requires: 'log', writes: true }),
  ]);
  const serve: OwnCommand = {
    word: 'serve',
    summary: 'run the service',
    example: 'serve',
    run: async (words) => (words.length === 0 ? 0 : 2),
  };
  const code = await runCommandLine(argv, {
    stdout,
    stderr,
    ownCommands: [serve],
    render: ({ blocks }) =>
      blocks.map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : block.kind)),
    async open(options) {
      opened.push(options);
      return {
        registry,
        execute: (invocation) => {
          invocations.push(invocation);
          return execute(invocation);
        },
        async [Symbol.asyncDispose]() {
          closed += 1;
        },
      };
    },
    ...over,
  });
  return { code, out: stdout.text, err: stderr.text, invocations, opened, closed };
}

describe('one command', () => {
  test('prints what was asked for to stdout, and ends with 0', async () => {
    const ran = await run(['next']);
    expect(ran).toMatchObject({ code: 0, out: 'all is well\n', err: '', closed: 1 });
    expect(ran.invocations).toMatchObject([{ command: { words: ['next'] }, words: ['next'], as: undefined }]);
  });

  test('--json prints the data and nothing more, without anything that could steer a terminal', async () => {
    const { out } = await run(['next', '--json']);
    expect(JSON.parse(out)).toEqual(usualReply.data);
    expect(out).toBe('{\n  "fine": true,\n  "text": "a\\u009bb"\n}\n');
  });

  test('flags of the command line are taken out, wherever they stand', async () => {
    const ran = await run(['--data', '/d', 'go', '--as=bob', '41', '--config', 'c.yaml', 'a note']);
    expect(ran.invocations).toMatchObject([{ words: ['go', '41', 'a note'], as: 'bob' }]);
    expect(ran.opened).toEqual([
      { words: ['go', '41', 'a note'], output: 'text', as: 'bob', data: '/d', config: 'c.yaml' },
    ]);
  });

  test('after -- they are words like others', async () => {
    const ran = await run(['log', '--', 'restarted', 'with', '--json']);
    expect(ran.invocations).toMatchObject([{ words: ['log', '--', 'restarted', 'with', '--json'] }]);
  });
});

describe('exit codes', () => {
  test.each<[ReplyStatus, number]>([
    ['ok', 0],
    ['failed', 1],
    ['mistake', 2],
    ['refused', 3],
    ['not-found', 4],
    ['unavailable', 75],
  ])('%s is %d', async (status, code) => {
    const ran = await run(['next', '--json'], async () => ({ reply: { ...usualReply, status } }));
    expect(ran.code).toBe(code);
    expect(status === 'ok' ? ran.err : ran.out).toBe('');
    expect(status === 'ok' ? ran.out : ran.err).not.toBe('');
  });

  test.each([
    [{ result: 'PASS' }, 0],
    [{ result: 'FAIL' }, 5],
    [{ result: 'ABORTED' }, 6],
    [{}, 0],
  ] as const)('a run that is followed to its end: %j is %d', async (end, code) => {
    async function* followed(): AsyncIterable<Followed> {
      yield { kind: 'said', message: say('phase 1 started') };
      yield { kind: 'end', ...end };
    }
    const ran = await run(['next'], async () => ({ reply: usualReply, followed: followed() }));
    expect([ran.code, ran.out]).toEqual([code, 'all is well\nphase 1 started\n']);
    const silent = await run(['next', '--json'], async () => ({ reply: usualReply, followed: followed() }));
    expect([silent.code, JSON.parse(silent.out)]).toEqual([code, usualReply.data]);
  });

  test('a run that was refused is not followed', async () => {
    const never: AsyncIterable<Followed> = {
      [Symbol.asyncIterator]: () => {
        throw new Error('followed');
      },
    };
    expect(
      (await run(['next'], async () => ({ reply: { ...usualReply, status: 'refused' }, followed: never })))
        .code,
    ).toBe(3);
  });

  test('what is thrown is one line on stderr, and everything is closed', async () => {
    const bug = await run(['next'], () => Promise.reject(new Error('a\nbug\u001b[2J')));
    expect(bug).toMatchObject({ code: 1, out: '', err: 'switchdc: a bug [2J\n', closed: 1 });
    const full = await run(['next'], () =>
      Promise.reject(new DataDirectoryUnusable('/d', new Error('no space left'))),
    );
    expect(full).toMatchObject({
      code: 75,
      err: 'switchdc: the data directory /d cannot be used: no space left\n',
    });
  });
});

describe('mistakes', () => {
  test.each([
    [['nxet'], 'There is no command "nxet"; help lists them. Did you mean next?'],
    [['srve'], 'There is no command "srve"; help lists them. Did you mean serve?'],
    [['go'], 'RUN is missing: the number of the run. Usage: go RUN [NOTE]'],
    [['next', '--jsn'], 'There is no "--jsn" here. Usage: next'],
    [['next', '--data'], '--data needs a value.'],
    [['next', '--data='], '--data needs a value.'],
    [['next', '--data', '--json'], '--data needs a value.'],
    [['next', '--as', 'a', '--as', 'b'], '--as is given twice.'],
  ])('%j', async (argv, err) => {
    expect(await run(argv)).toMatchObject({ code: 2, out: '', err: `${err}\n`, invocations: [] });
  });

  test('in the configuration are shown as they are', async () => {
    const ran = await run(['next'], undefined, {
      open: async () => ({ mistakes: ['people[2]: no such role', 'two'] }),
    });
    expect(ran).toMatchObject({ code: 2, out: '', err: 'people[2]: no such role\ntwo\n' });
  });
});

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']]])(
    '%j tells how to begin, before any configuration is read',
    async (argv) => {
      const ran = await run(argv);
      expect(ran).toMatchObject({ code: 0, err: '', opened: [] });
      expect(ran.out).toContain('Usage: switchdc COMMAND');
    },
  );

  test('--help after a command shows its usage with an example, and runs nothing', async () => {
    const ran = await run(['go', '--help']);
    expect(ran).toMatchObject({ code: 0, invocations: [] });
    expect(ran.out).toContain('Usage: go RUN [NOTE]\n');
    expect(ran.out).toContain('Example: go 41\n');
    expect(JSON.parse((await run(['go', '--help', '--json'])).out)).toMatchObject({
      usage: 'go RUN [NOTE]',
      example: 'go 41',
    });
  });

  test('commands of the command line have it too, and read no configuration', async () => {
    expect(await run(['serve', '--help'])).toMatchObject({ code: 0, opened: [] });
    expect(await run(['serve'])).toMatchObject({ code: 0, opened: [] });
    expect((await run(['serve', 'x'])).code).toBe(2);
  });
});

describe('nobody reads', () => {
  test('stdout that is closed is no error, and ends the following', async () => {
    let said = 0;
    async function* endless(): AsyncIterable<Followed> {
      for (;;) {
        said += 1;
        yield { kind: 'said', message: say('still running') };
      }
    }
    const ran = await run(['next'], async () => ({ reply: usualReply, followed: endless() }), {
      stdout: new Closed('EPIPE'),
    });
    expect([ran.code, ran.err, said]).toEqual([0, '', 1]);
  });

  test('stdout that cannot be written is', async () => {
    expect(await run(['next'], undefined, { stdout: new Closed('ENOSPC') })).toMatchObject({
      code: 1,
      err: 'switchdc: write ENOSPC\n',
    });
  });

  test('neither stream', async () => {
    const ran = run(['nxet'], undefined, { stdout: new Closed('ENOSPC'), stderr: new Closed('ENOSPC') });
    expect((await ran).code).toBe(1);
  });
});

test('the general flags of a command line', () => {
  expect(readCommandLine(['a', '--json', '-x', '--other', '--', '--json'])).toEqual({
    ok: true,
    options: { words: ['a', '-x', '--other', '--', '--json'], output: 'json' },
  });
});

describe('a real pipe', () => {
  let copy: CompiledCopy;
  beforeAll(() => {
    copy = compiledCopy();
  });
  afterAll(() => copy[Symbol.dispose]());

  const program = `
    import { runCommandLine } from './src/service/command-line.js';
    import { openRegistry } from './src/chat/registry.js';
    import { grammar } from './src/chat/grammar.js';
    const next = { words: ['next'], summary: 's', example: 'next', requires: 'anyone', writes: false, grammar: grammar({}) };
    const line = 'x'.repeat(100);
    process.exitCode = await runCommandLine(process.argv.slice(2), {
      stdout: process.stdout, stderr: process.stderr, ownCommands: [],
      render: () => Array.from({ length: 100_000 }, () => line),
      open: async () => ({
        registry: openRegistry([next]),
        execute: async () => ({ reply: { status: 'ok', message: { tone: 'plain', blocks: [] }, data: null } }),
        [Symbol.asyncDispose]: async () => undefined,
      }),
    });
  `;

  test('whose reader leaves (| head) ends the process quietly', async () => {
    const child = copy.start(program, ['next']);
    const err = textOf(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code, signal] = (await once(child, 'close')) as [number, string | null];
    expect([code, signal, await err]).toEqual([0, null, '']);
  });

  test('gets everything before the process ends', async () => {
    const child = copy.start(program, ['next']);
    const [out] = await Promise.all([textOf(child.stdout), once(child, 'close')]);
    expect(out.length).toBe(101 * 100_000);
  });
});

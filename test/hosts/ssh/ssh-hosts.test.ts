import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../lab/process-tree.js';
import { SECOND } from '../../../src/domain/instant.js';
import { person } from '../../../src/domain/names.js';
import type { Authority } from '../../../src/domain/reason.js';
import type { HostOutcome, Hosts } from '../../../src/hosts/hosts.js';
import { UnsendableCommand } from '../../../src/hosts/ssh/errors.js';
import type { SshHosts } from '../../../src/hosts/ssh/open-ssh-hosts.js';
import { hostsContract } from '../../contracts/hosts.contract.js';
import { eventually } from '../../support/eventually.js';
import { SshLab, hostCommand } from '../../support/ssh-lab.js';

const HOSTS = ['db1001.eqiad.wmnet', 'db1002.eqiad.wmnet', 'db2001.codfw.wmnet'];
const [ONE = ''] = HOSTS;
const by: Authority = { person: person('alice'), reason: { text: 'a test' }, run: 1 };
const never = new AbortController().signal;

let given: SshLab;
beforeAll(async () => {
  given = await SshLab.open(HOSTS);
}, 60_000);
afterAll(() => given[Symbol.asyncDispose]());
beforeEach(() => given.reset());

hostsContract('over SSH', async (run) => {
  await using hosts = given.connect();
  await run({
    hosts,
    clock: given.clock,
    query: '*.eqiad.wmnet or *.codfw.wmnet',
    writes: (argument) => hostCommand(['note', argument], { effect: 'writes' }),
    reads: hostCommand(['note-status']),
    fails: { command: hostCommand(['sh', '-c', 'exit 7'], { effect: 'writes' }), code: 7 },
    slow: hostCommand(['sleep', '600'], { effect: 'writes' }),
    takeDown: (host) => given.lab.host(host).kill(),
  });
});

const on = async (hosts: Hosts, argv: readonly string[], rest = {}, signal = never): Promise<HostOutcome> => {
  const [result] = await hosts.run(ONE, hostCommand(argv, rest), by, signal);
  if (result === undefined) throw new Error('no result');
  return result.outcome;
};
const outputOf = (outcome: HostOutcome | undefined): string =>
  outcome?.kind === 'exited' ? outcome.output : JSON.stringify(outcome);

const grandchild = async (): Promise<number> => {
  const file = given.stateFile(ONE, 'grandchild');
  await eventually(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), 'a grandchild');
  return Number(readFileSync(file, 'utf8'));
};

describe('a command on a host', () => {
  let hosts: SshHosts;
  beforeAll(() => {
    hosts = given.connect();
  });
  afterAll(async () => {
    await hosts[Symbol.asyncDispose]();
  });

  test('gets its arguments exactly as they are, through a real shell', async () => {
    const argument = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          ...Array.from('\'"\\$`!*?[]{}()<>|&;#~=%^\n\r\t -a\u0001\u001b\u007f\u00e9\u{1f4a5}'),
        ),
      }),
      fc.constantFrom(
        '',
        '-',
        '--',
        '-n',
        "'",
        "'\\''",
        '$(id)',
        '`id`',
        '\n',
        'a=b',
        '~',
        '*',
        '!!',
        '\ufeff',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          argument.map((text) => text.replaceAll('\0', '')),
          { maxLength: 8 },
        ),
        async (argv) => {
          for (const effect of ['reads', 'writes'] as const)
            expect(outputOf(await on(hosts, ['show-arguments', ...argv], { effect }))).toBe(
              argv.map((each) => `${each}\0`).join(''),
            );
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test.each([
    ['a NUL', ['show-arguments', 'a\0b']],
    ['half of a character', ['show-arguments', '\ud83d']],
    ['more than a host takes', ['show-arguments', 'x'.repeat(130_000)]],
    ['an option as its program', ['-l', 'x']],
    ['no program', []],
  ])('with %s is refused before anything is sent', async (_, argv) => {
    await expect(on(hosts, argv)).rejects.toThrow(UnsendableCommand);
  });

  test('is a program, never a word of the shell', async () => {
    for (const word of ['eval', 'if', 'cd', '.'])
      expect(await on(hosts, [word, 'echo hello'])).toMatchObject({ kind: 'exited', ok: false });
  });

  test('says its output; its errors only where it failed', async () => {
    const script = (code: number): string[] => ['sh', '-c', `echo out; echo err >&2; exit ${code}`];
    expect(await on(hosts, script(0))).toEqual({ kind: 'exited', code: 0, ok: true, output: 'out\n' });
    expect(await on(hosts, script(4))).toEqual({ kind: 'exited', code: 4, ok: false, output: 'out\nerr\n' });
  });

  test('that is not there exits with 127, whether it reads or writes', async () => {
    for (const effect of ['reads', 'writes'] as const)
      expect(await on(hosts, ['no-such-program'], { effect })).toMatchObject({ kind: 'exited', code: 127 });
  });

  test('finds its input at its end', async () => {
    expect(outputOf(await on(hosts, ['sh', '-c', 'cat; echo end'], { timeout: 10 * SECOND }))).toBe('end\n');
  });

  test('says at most 64 KiB, cut between characters and marked as cut', async () => {
    const output = outputOf(
      await on(hosts, ['sh', '-c', "head -c 300001 /dev/zero | tr '\\0' x; printf é; head -c 9 /dev/zero"]),
    );
    expect(Buffer.byteLength(output)).toBeLessThan(65_536);
    expect(output).toMatch(/^x+\n\[cut here: 300012 bytes in all\]$/);
    const umlauts = outputOf(await on(hosts, ['sh', '-c', "printf x; yes é | head -c 90000 | tr -d '\\n'"]));
    expect(umlauts).toMatch(/^xé+\n\[cut here/);
  });

  test('may say what is no text', async () => {
    expect(outputOf(await on(hosts, ['printf', String.raw`a\377\303b`]))).toBe('a\ufffd\ufffdb');
  });

  test('that was ended by a signal is not known to have done anything', async () => {
    for (const effect of ['reads', 'writes'] as const)
      expect(await on(hosts, ['sh', '-c', 'kill -KILL $$'], { effect })).toEqual({
        kind: 'unknown',
        because: 'it was ended by SIGKILL',
      });
  });

  test('has ended with its own exit code although something that it has started holds its output', async () => {
    const began = given.clock.now();
    const outcome = await on(hosts, ['sh', '-c', 'setsid sleep 600 & echo started; exit 3'], {
      timeout: 20 * SECOND,
    });
    expect(outcome).toMatchObject({ code: 3, output: 'started\n' });
    expect(given.clock.now() - began).toBeLessThan(10 * SECOND);
  });

  test('waits while too many run on the same host, and is done', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, number) => on(hosts, ['sh', '-c', `sleep 0.02; echo ${number}`])),
    );
    expect(results.map(outputOf)).toEqual(results.map((_, number) => `${number}\n`));
  });
});

describe('a command that does not end', () => {
  let hosts: SshHosts;
  beforeEach(() => {
    hosts = given.connect();
  });
  const close = async (): Promise<void> => hosts[Symbol.asyncDispose]();

  test.each(['reads', 'writes'] as const)(
    'in its time (it %s): nothing of it runs any more, not even a grandchild that does not want to end',
    async (effect) => {
      const outcome = await on(hosts, ['have-children'], { effect, timeout: 1_500 });
      expect(outcome).toEqual({ kind: 'timed-out', after: 1_500 });
      expect(runs(await grandchild())).toBe(false);
      await close();
    },
  );

  test.each([
    ['reads', 'not-attempted'],
    ['writes', 'unknown'],
  ] as const)('before it is called off (it %s): it is %s, and nothing of it runs', async (effect, kind) => {
    const stop = new AbortController();
    const running = on(hosts, ['have-children'], { effect }, stop.signal);
    const pid = await grandchild();
    expect(runs(pid)).toBe(true);
    stop.abort();
    expect(await running).toMatchObject({ kind });
    expect(runs(pid)).toBe(false);
    await close();
  });

  test('and writes is ended by its host where nobody is connected any more to end it', async () => {
    const running = on(hosts, ['have-children'], { effect: 'writes', timeout: 1_000 });
    const pid = await grandchild();
    given.lab.host(ONE).dropConnections();
    expect(await running).toEqual({ kind: 'unknown', because: 'the connection was lost while it ran' });
    await close();
    expect(runs(pid)).toBe(true);
    await eventually(() => !runs(pid), 'the host ends the command by itself', 20_000);
  }, 40_000);

  test('since its host hangs: timed out, and told that nobody knows whether it still runs', async () => {
    await hosts.warm(ONE);
    given.lab.host(ONE).freeze();
    const outcome = await on(hosts, ['sleep', '600'], { timeout: 300 });
    expect(outcome).toEqual({ kind: 'timed-out', after: 300 });
    expect(given.troubles).toContain(
      `${ONE}: it is not known whether sleep still runs there, the host does not answer`,
    );
    await close();
  });
});

/** The process of a shell that waits for a command. */
const waitingShell = async (): Promise<number> => {
  let found: number | undefined;
  const looked = (): boolean => {
    found = given.lab.host(ONE).processes.find((pid) => fileOf(pid, 'cmdline').includes('switchdc-waits'));
    return found !== undefined && fileOf(found, 'syscall').startsWith('0 ');
  };
  await eventually(looked, 'a shell waits');
  return found ?? 0;
};
const fileOf = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
};
const sshdsOf = (host: string): number[] =>
  given.lab.host(host).processes.filter((pid) => fileOf(pid, 'comm') === 'sshd\n');

describe('a shell that waits on a warm connection', () => {
  let hosts: SshHosts;
  beforeEach(async () => {
    hosts = given.connect();
    await hosts.warm(ONE);
  });
  afterEach(async () => {
    await hosts[Symbol.asyncDispose]();
  });
  const ask = async (argv: readonly string[], rest = {}): Promise<HostOutcome | undefined> =>
    (await hosts.ask(ONE, hostCommand(argv, rest), never))[0]?.outcome;
  const itself = ['sh', '-c', 'echo $$; cat'];

  test('becomes the next command that reads, whose input is at its end', async () => {
    // It waits a moment before that is known here.
    await eventually(async () => {
      const shell = await waitingShell();
      return outputOf(await ask(itself)) === `${shell}\n`;
    }, 'it does');
  });

  test('becomes none that writes', async () => {
    const shell = await waitingShell();
    await on(hosts, itself, { effect: 'writes' });
    await on(hosts, itself, { effect: 'writes' });
    expect(await waitingShell()).toBe(shell);
  });

  test('and has ended unnoticed is no loss', async () => {
    for (let time = 0; time < 5; time += 1) {
      process.kill(await waitingShell(), 'SIGKILL');
      expect(await ask(['echo', 'hello'])).toEqual({ kind: 'exited', code: 0, ok: true, output: 'hello\n' });
    }
  });

  test('is not needed for a command of several lines', async () => {
    await waitingShell();
    expect(outputOf(await ask(['printf', '%s', 'a\nb']))).toBe('a\nb');
  });

  test('is ended with the command that it has become, when that takes too long', async () => {
    const sleeping = (): boolean =>
      given.lab.host(ONE).processes.some((pid) => fileOf(pid, 'comm') === 'sleep\n');
    for (let time = 0; time < 3; time += 1) {
      await waitingShell();
      expect(await ask(['sleep', '600'], { timeout: SECOND })).toEqual({ kind: 'timed-out', after: SECOND });
      expect(sleeping()).toBe(false);
    }
  });
});

describe('a connection', () => {
  test('that was lost while a command ran leaves its outcome unknown', async () => {
    await using hosts = given.connect();
    const running = on(hosts, ['have-children']);
    await grandchild();
    given.lab.host(ONE).dropConnections();
    expect(await running).toEqual({ kind: 'unknown', because: 'the connection was lost while it ran' });
  });

  test('is one for all commands, opened before the first', async () => {
    await using hosts = given.connect();
    expect(await hosts.warm('*')).toEqual([]);
    await waitingShell();
    const connections = sshdsOf(ONE);
    for (let time = 0; time < 5; time += 1) await on(hosts, ['true']);
    await waitingShell();
    await eventually(
      () => given.lab.host(ONE).processes.length === connections.length + 1,
      'nothing else is left than the shell that waits',
    );
    expect(sshdsOf(ONE)).toEqual(connections);
  });

  test('that was lost is made again in the background', async () => {
    await using hosts = given.connect();
    await hosts.warm(ONE);
    await given.lab.host(ONE).kill();
    await eventually(() => given.troubles.includes(`${ONE}: connection refused`), 'the loss is told');
    await given.lab.host(ONE).start();
    await eventually(() => given.troubles.includes(`${ONE}: connected again`), 'it is connected again');
    expect(given.troubles).toEqual([
      `${ONE}: the connection was lost`,
      `${ONE}: connection refused`,
      `${ONE}: connected again`,
    ]);
    expect(given.lab.host(ONE).processes.length).toBeGreaterThan(1);
  });

  test('that was lost before the host took the command is made again, and the command is done once', async () => {
    await using hosts = given.connect();
    await hosts.warm(ONE);
    const host = given.lab.host(ONE);
    host.freeze();
    const script = 'echo x >> "$LAB_STATE/done"; cat "$LAB_STATE/done"';
    const running = on(hosts, ['sh', '-c', script], { effect: 'writes' });
    host.dropConnections();
    host.thaw();
    expect(outputOf(await running)).toBe('x\n');
  });

  test('to a host that hangs is given up by keepalive', async () => {
    await using hosts = given.connect({ keepalive: 50 });
    await hosts.warm(ONE);
    given.lab.host(ONE).freeze();
    await eventually(() => given.troubles.includes(`${ONE}: the connection was lost`), 'the loss is told');
  });

  test('that cannot be made is told for its host, the others are warm', async () => {
    await given.lab.host(ONE).kill();
    await using hosts = given.connect();
    expect(await hosts.warm('*')).toEqual([{ host: ONE, because: 'connection refused' }]);
  });

  test('to a host that hangs is not waited for longer than the command may take', async () => {
    given.lab.host(ONE).freeze();
    await using hosts = given.connect();
    const outcome = await on(hosts, ['true'], { timeout: 200 });
    expect(outcome).toEqual({ kind: 'unreachable', because: 'no connection in the time of the command' });
    expect(await hosts.warm(ONE)).toEqual([{ host: ONE, because: 'no connection within 3 s' }]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '../support/temporary-folder.js';
import { RunningService } from '../support/running-service.js';
import { type Ended, switchdc } from '../support/switchdc.js';

/** The words of one command line, on a data directory that does not exist. */
async function alone(line: string): Promise<Ended & { touched: boolean }> {
  using folder = temporaryFolder();
  const words = line.split(' ').filter((word) => word !== '');
  const result = await switchdc([...words, '--data', folder.file('data')]);
  return { ...result, touched: existsSync(folder.file('data')) };
}

describe('a command line without a service', () => {
  test.each([
    'next',
    'dates',
    'plan',
    'status',
    'runs',
    'sal read-only',
    'explain 00-reduce-ttl',
    'whoami',
    'help',
  ])('`%s` answers and touches nothing', async (line) => {
    const { code, stderr, touched, stdout } = await alone(line);
    expect({ code, stderr, touched }).toEqual({ code: 0, stderr: '', touched: false });
    expect(stdout).not.toBe('');
  });

  test('a command that writes makes the data directory and keeps what it wrote', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    expect(await switchdc(['log', 'restarted', 'everything', '--data', data])).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { stdout } = await switchdc(['sal', 'restarted', '--json', '--data', data]);
    expect(JSON.parse(stdout)).toMatchObject([{ message: 'restarted everything', author: 'alice' }]);
  });

  test('the dates that other programs read', async () => {
    const { code, stdout } = await alone('dates --from 2023 --to 2050 --json');
    const dates = JSON.parse(stdout) as Record<string, unknown>[];
    expect(code).toBe(0);
    expect(dates).toHaveLength(56);
    expect(dates[6]).toEqual({
      season: 'northward',
      year: 2026,
      from: 'codfw',
      to: 'eqiad',
      services: '2026-03-24T14:00:00Z',
      traffic: '2026-03-24T14:00:00Z',
      mediawiki: '2026-03-25T14:00:00Z',
      repool: '2026-04-01T14:00:00Z',
      overrides: [],
    });
    expect(dates.map(({ year, season }) => `${String(year)}-${String(season)}`)).toEqual(
      Array.from({ length: 28 }, (_, at) => [`${2023 + at}-northward`, `${2023 + at}-southward`]).flat(),
    );
  });

  test('the next switchover that other programs read', async () => {
    const next = JSON.parse((await alone('next --json')).stdout) as { milestones: object[] };
    expect(Object.keys(next)).toEqual([
      ...[
        'season',
        'year',
        'from',
        'to',
        'services',
        'traffic',
        'mediawiki',
        'repool',
        'overrides',
        'milestones',
      ],
    ]);
    expect(next.milestones.length).toBeGreaterThan(10);
    for (const milestone of next.milestones)
      expect(Object.keys(milestone)).toEqual(['key', 'at', 'title', 'audience']);
  });
});

describe('what is typed wrong', () => {
  test.each([
    ['statuss', 2, 'Did you mean `status`?'],
    ['start --taks T1', 2, 'Did you mean `--task`?'],
    ['explain 00-redcue-ttl', 2, 'Did you mean `00-reduce-ttl`?'],
    ['plan mediawiki eqaid codfw', 2, 'Did you mean `eqiad`?'],
    ['plan mediawki', 2, 'Did you mean `mediawiki`?'],
    ['dates --from soon', 2, 'expected a whole number'],
    ['status --data', 2, '--data needs a value'],
    ['status one two', 2, 'Usage: `status [RUN]`'],
    ['status 41', 4, 'there is no run 41'],
    ['why', 4, '`start` asks for one'],
    ['start', 3, 'needed: --task T12345 (or --dry-run'],
    ['start --task T1 --dry-run --live-test', 3, 'needed: one of --dry-run and --live-test'],
    ['start mediawiki eqiad eqiad --task T1', 3, 'needed: '],
    ['start --task T1 --only 03-set-db-read-only', 3, 'needed: '],
    [
      'approve 1',
      3,
      'The role approver is needed to approve or deny the request for a run; bob, carol and dan have it.',
    ],
    ['approve 1 --as bob', 4, 'there is no run 1'],
    ['approve 1 --as bbo', 2, 'bob'],
    ['abort 1', 2, '--reason'],
    ['start --dry-run --as erin', 3, 'The role operator is needed to request'],
    ['start mediawiki eqiad codfw --dry-run', 3, 'needed: '],
    ['log --as frank', 2, 'MESSAGE is missing'],
    ...['go', 'nogo', 'deny', 'retry', 'hold --reason x', 'abort --reason x', 'skip T --reason x'].map(
      (order): [string, number, string] => [
        `${order} --as ${/go|deny/.test(order) ? 'bob' : 'alice'}`,
        4,
        'no run',
      ],
    ),
    ...['resume', 'take', 'done 00-reduce-ttl'].map((order): [string, number, string] => [
      order,
      4,
      'no run',
    ]),
  ])('`%s` ends %i and says what would be right', async (line, expected, words) => {
    const { code, stdout, stderr, touched } = await alone(line);
    expect({ code, stdout, touched }).toEqual({ code: expected, stdout: '', touched: false });
    expect(stderr.toLowerCase()).toContain(words.toLowerCase());
    expect(stderr.length).toBeLessThan(1_000);
  });
});

const PROMISED = [
  ...[
    'help',
    'next',
    'dates',
    'plan',
    'start',
    'approve',
    'deny',
    'go',
    'nogo',
    'hold',
    'resume',
    'retry',
    'skip',
  ],
  ...['abort', 'done', 'status', 'why', 'explain', 'runs', 'report', 'log', 'sal'],
];

describe('help', () => {
  test('every command explains itself with an example, and the examples are understood', async () => {
    const commands = JSON.parse((await alone('help --json')).stdout) as {
      words: string[];
      example: string;
    }[];
    const names = commands.map(({ words }) => words[0]!);
    expect(names).toEqual(expect.arrayContaining(PROMISED));
    using folder = temporaryFolder();
    await using service = await RunningService.start(folder.file('data'));
    for (const { words, example } of commands)
      expect(await service.ask(`${words[0]!} --help`, /Example: [^\n]+/)).toContain(example);
    const before = service.said.length;
    service.say(...commands.map(({ example }) => example));
    const { stdout } = await service.end();
    for (const { example } of commands) expect(stdout.slice(before)).toContain(`> ${example}\n`);
    expect(stdout.slice(before)).not.toMatch(/There is no (?!run)|is not right for|too many|is missing/);
  });

  test('without a command it shows how the program is used, with every exit code', async () => {
    const { code, stdout } = await switchdc(['--help']);
    expect(code).toBe(0);
    for (const shown of ['switchdc COMMAND', 'serve', 'check-config', '--json', '--as NAME', '75'])
      expect(stdout).toContain(shown);
  });
});

describe('a configuration with mistakes', () => {
  test('is refused, with every mistake at once', async () => {
    using folder = temporaryFolder();
    const file = folder.file('switchdc.yaml');
    writeFileSync(file, 'simulatoin: { speed: 240 }\nwiki: { configCacheLifetime: banana }\npeople: 7\n');
    for (const words of [
      ['check-config', '--config', file],
      ['status', '--config', file],
      ['serve', '--config', file],
    ]) {
      const { code, stdout, stderr } = await switchdc(words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('did you mean "simulation"?');
      expect(stderr).toContain('wiki.configCacheLifetime: "banana", expected a length of time');
      expect(stderr).toContain('people: 7, expected a list');
    }
  });

  test('that is not there is said', async () => {
    expect(await switchdc(['check-config', '--config', '/nowhere/switchdc.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no such file'),
    });
  });

  test('the example has none', async () => {
    expect(await switchdc(['check-config', '--config', 'switchdc.example.yaml'])).toMatchObject({
      code: 0,
      stdout: 'switchdc.example.yaml: no mistakes\n',
    });
  });
});

describe('a data directory that cannot be used', () => {
  test.each([
    ['a file', (path: string) => writeFileSync(path, '')],
    ['below a file', (path: string) => writeFileSync(path.replace(/\/data$/, ''), '')],
  ])('%s: one clear line, whoever asks', async (_, make) => {
    using folder = temporaryFolder();
    const data = folder.file('there/data');
    if (_ === 'a file') mkdirSync(folder.file('there'));
    make(data);
    for (const words of [['status'], ['plan'], ['start', '--dry-run'], ['log', 'x'], ['serve']]) {
      const { code, stdout, stderr } = await switchdc([...words, '--data', data]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^switchdc: \S+ (is not|cannot be) a data directory: [^\n]+\n$/);
    }
  });

  test('files in it that are none of ours: one clear line, also for who only reads', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('switchdc.db'), 'certainly no database'.repeat(100));
    for (const words of [['status'], ['log', 'x'], ['serve']]) {
      const { code, stdout, stderr } = await switchdc([...words, '--data', folder.path]);
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toMatch(/^switchdc: the data directory \S+ cannot be used: [^\n]+\n$/);
    }
  });

  test('a disk that is full: one clear line, and nothing half done', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    for (const words of [['log', 'x'], ['serve']]) {
      const { code, stdout, stderr } = await switchdc([...words, '--data', data], { largestFile: 60 });
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toMatch(/^switchdc: the data directory \S+ cannot be used: [^\n]+\n$/);
    }
    expect(await switchdc(['log', 'x', '--data', data])).toMatchObject({ code: 0 });
  });
});

test('a reader that goes away (`| head -1`) is no error', async () => {
  using folder = temporaryFolder();
  await using service = RunningService.watch([
    'dates',
    '--from',
    '1970',
    '--to',
    '2900',
    '--data',
    folder.file('data'),
  ]);
  service.child.stdout.destroy();
  expect(await service.end()).toMatchObject({ code: 0, signal: null, stderr: '' });
});

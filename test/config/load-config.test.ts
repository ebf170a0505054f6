import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { adaptersInUse } from '../../src/config/adapters-in-use.js';
import { embeddedData } from '../../src/config/embedded-data.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import { installationOf } from '../../src/config/installation-of.js';
import { loadConfig } from '../../src/config/load-config.js';
import { parseConfigFile } from '../../src/config/parse-config-file.js';
import { readFileFromDisk } from '../../src/config/read-file.js';
import { practiceAllowed } from '../../src/access/practice.js';
import { loadText } from './sources.js';

const directory = mkdtempSync(join(tmpdir(), 'switchdc-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const load = (file: string | undefined, env: Record<string, string> = {}): ReturnType<typeof loadConfig> =>
  loadConfig({ ...(file === undefined ? {} : { file }), env, unixUser: 'root', readFile: readFileFromDisk });

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('where the configuration comes from', () => {
  const text = stringify({ ...embeddedData('alice'), installation: 'from-a-file' });

  test('the file that is named', async () => {
    expect(await load(written('a.yaml', text))).toMatchObject({ ok: true, config: { name: 'from-a-file' } });
  });

  test('the file that the environment names, unless another one is named', async () => {
    const other = written('b.yaml', text.replace('from-a-file', 'from-the-environment'));
    expect(await load(undefined, { SWITCHDC_CONFIG: other })).toMatchObject({
      config: { name: 'from-the-environment' },
    });
    expect(await load(written('a.yaml', text), { SWITCHDC_CONFIG: other })).toMatchObject({
      config: { name: 'from-a-file' },
    });
  });

  test('the embedded defaults, when no file is named', async () => {
    expect(await load(undefined)).toEqual({ ok: true, config: embeddedDefaults('root') });
  });

  test.each([
    ['a file that is not there', () => join(directory, 'nowhere.yaml'), 'no such file'],
    ['a file below a file', () => join(written('c.yaml', ''), 'd.yaml'), 'no such file'],
    ['a directory', () => directory, 'a directory'],
    ['a file that never ends', () => '/dev/zero', 'more than 1024 KiB'],
  ])('%s is one clear mistake', async (...[, path, found]) => {
    const file = path();
    expect(await load(file)).toMatchObject({ ok: false, mistakes: [{ file, path: '', found }] });
  });
});

describe('the embedded defaults', () => {
  const config = embeddedDefaults('root');

  test('whoever runs the process is one person, who may operate', () => {
    const [runs, ...others] = config.people.filter(({ identities }) =>
      identities.some(({ kind }) => kind === 'unix'),
    );
    expect(runs?.identities).toContainEqual({ kind: 'unix', user: 'root' });
    expect(runs?.roles).toEqual(['operator']);
    expect(others).toEqual([]);
  });

  test('a live run can be approved by two people other than whichever operator asks', () => {
    const approvers = config.people.filter(({ roles }) =>
      roles.some((role) => config.approvals.live.mayAnswer.includes(role)),
    );
    for (const asker of config.people.filter(({ roles }) => roles.some((role) => role === 'operator')))
      expect(approvers.filter((person) => person !== asker).length).toBeGreaterThanOrEqual(2);
    expect(config.approvals).toMatchObject({
      live: { approvals: 2, expiresAfter: 1_800_000 },
      'live-test': { approvals: 1 },
      'dry-run': { approvals: 0 },
      emergency: { approvals: 1 },
    });
    expect(config.gates['2']).toMatchObject({ approvals: 1, expiresAfter: 1_800_000 });
  });

  test('one may speak for others, because nothing in them is real', () => {
    expect(practiceAllowed(adaptersInUse(config))).toMatchObject({ allowed: true });
  });

  test('the installation has what the field’s table has', () => {
    expect(installationOf(config)).toEqual({
      name: 'practice',
      datacenters: { northern: 'eqiad', southern: 'codfw' },
      sections: ['s6', 's5', 's2', 's7', 's3', 's8', 's4', 's1', 'x1', 'x3', 'es6', 'es7'],
      wiki: {
        readWriteRecords: ['mw-web-rw', 'mw-api-ext-rw', 'mw-api-int-rw', 'mw-jobrunner'],
        configCacheLifetime: 10_000,
        readOnlyReason: expect.stringMatching(/try again in a few minutes/) as unknown,
        drain: 10_000,
        drainAtLeast: 1_000,
        readOnlyBudget: 180_000,
        appServers: { eqiad: 4, codfw: 4 },
      },
      dns: { ttl: 300, loweredTtl: 10, servers: ['ns0', 'ns1', 'ns2'] },
    });
  });

  test('there are no exceptions from the rule of the calendar', () => {
    expect(config.calendar.overrides).toEqual([]);
  });

  test('hosts and commands are left to the simulation', () => {
    expect(config.hosts).toBeUndefined();
  });
});

test('a chat with others in it is real: nobody speaks for others there', () => {
  const config = embeddedDefaults('root');
  const [first] = config.chat.destinations;
  if (first === undefined) throw new Error('there is a destination');
  const chat = { ...config.chat, destinations: [{ ...first, platform: 'irc' as const }] };
  expect(practiceAllowed(adaptersInUse({ ...config, chat }))).toMatchObject({ allowed: false });
});

test('who may answer is, unless it is said, every role with the capability', async () => {
  const data = embeddedData('alice');
  const loaded = await loadText(stringify({ ...data, gates: { 1: { mayAnswer: ['dba'] } } }));
  expect(loaded).toMatchObject({
    ok: true,
    config: {
      approvals: { live: { mayAnswer: ['approver'] } },
      gates: {
        1: { mayAnswer: ['dba'] },
        2: { mayAnswer: ['operator', 'approver', 'dba', 'traffic', 'service-operations'] },
      },
    },
  });
});

test('whatever a file says, it is accepted or refused with mistakes', () => {
  const keys = [
    'people',
    'roles',
    'datacenters',
    'wiki',
    'dns',
    'approvals',
    'gates',
    'calendar',
    'chat',
    'secrets',
    'hosts',
    'sections',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 })), (strange) => {
      const parsed = parseConfigFile({ ...embeddedData('alice'), ...strange });
      expect(parsed.ok || parsed.misfits.length > 0).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('one strange value anywhere is accepted or told with its place', () => {
  const data = embeddedData('alice');
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    paths.push(path);
    if (Array.isArray(value)) value.forEach((element: unknown, index) => walk(element, [...path, index]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(data, []);
  const strange = fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1e300,
    '',
    ' ',
    'x',
    true,
    [],
    {},
    [null],
    { a: null },
    ['x', 'x'],
    '\u0000',
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths.slice(1)), strange, (path, value) => {
      const copy = structuredClone(data) as never;
      const parent = path
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>((at, part) => at[part] as never, copy);
      parent[path.at(-1) ?? ''] = value;
      const parsed = parseConfigFile(copy);
      if (!parsed.ok) for (const misfit of parsed.misfits) expect(misfit.expected).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { practiceAllowed } from '../../src/access/practice.js';
import { adaptersInUse } from '../../src/config/adapters-in-use.js';
import { renderMistakes } from '../../src/config/render-mistakes.js';
import type { Config } from '../../src/config/config.js';
import { embeddedData } from '../../src/config/embedded-data.js';
import { loadText, mistakesIn } from './sources.js';

const operation = {
  on: 'A:all',
  run: { argv: ['true'] },
  probe: { argv: ['true'], fact: 'it' },
  wanted: 'so',
};
const names = readFileSync(
  new URL('../../src/config/schema/hosts-section.ts', import.meta.url),
  'utf8',
).matchAll(/'([a-z-]+)': operation/g);

type Tree = { [key: string]: unknown };

/** An installation of two sections, everything of which is real. */
function real(): Tree {
  return {
    ...embeddedData('alice'),
    sections: ['s1', 'x1'],
    dns: { ...embeddedData('alice').dns, servers: ['ns0', 'ns1'] },
    hosts: {
      inventory: ['mwmaint1.eqiad.wmnet', 'mwmaint2.codfw.wmnet'],
      aliases: { all: '*' },
      operations: Object.fromEntries(operationNames.map((name) => [name, operation])),
    },
    adapters: { state: 'etcd', databases: 'mariadb', dns: 'resolver', hosts: 'ssh', wiki: 'http' },
    connections: {
      etcd: {
        endpoints: ['https://127.0.0.1:2379'],
        user: { name: 'switchdc', password: { file: '/etcd-password' } },
        tls: { authority: '/ca.pem', certificate: '/client.pem', key: { file: '/client.key' } },
      },
      ssh: {
        privateKey: { file: '/id' },
        passphrase: { env: 'PASSPHRASE' },
        knownHosts: ['/known_hosts', '/more_hosts'],
        routes: [{ hosts: '*', user: 'switchdc', port: 2222 }],
        addresses: { 'mwmaint1.eqiad.wmnet': '127.0.1.1', 'mwmaint2.codfw.wmnet': '127.0.2.1' },
      },
      mariadb: {
        primaries: {
          s1: { eqiad: '127.0.0.1:3301', codfw: '127.0.0.1:3302' },
          x1: { eqiad: '127.0.0.1:3303', codfw: '[::1]:3304' },
        },
        user: 'switchdc',
        password: { file: '/database-password' },
        authority: '/ca.pem',
        replication: { user: 'repl', password: { env: 'REPLICATION' } },
      },
      resolver: {
        zone: 'discovery.test',
        servers: { ns0: '127.0.0.1:53', ns1: '127.0.0.2:53' },
        clients: { eqiad: '10.64.0.0/16', codfw: '10.192.0.0/16' },
      },
      http: {
        appServers: { eqiad: { mw1: 'http://127.0.0.1:80' }, codfw: { mw2: 'http://127.0.0.2:80' } },
      },
    },
  };
}
const operationNames = [...names].map(([, name]) => name ?? '');

const files = {
  '/ca.pem': 'the authority',
  '/client.pem': 'the certificate',
  '/client.key': 'the-key-of-the-client',
  '/etcd-password': 'planted-etcd-password\n',
  '/database-password': 'planted-database-password\n',
  '/id': 'planted private key\n',
  '/known_hosts': 'first',
  '/more_hosts': 'second',
};
const env = { PASSPHRASE: 'planted-passphrase', REPLICATION: 'planted-replication-password' };

/** The same with one thing set, or taken away where nothing is given. */
function changed(path: string, value?: unknown): string {
  const tree = real();
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Tree>((at, key) => at[key] as Tree, tree);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return JSON.stringify(tree);
}

async function load(text: string): Promise<Config> {
  const loaded = await loadText(text, files, env);
  if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
  return loaded.config;
}

test('everything that is real is known with its files read and its secrets hidden', async () => {
  const config = await load(JSON.stringify(real()));
  const { connections } = config;
  expect(connections).toMatchObject({
    etcd: { prefix: '/conftool/v1', ownPrefix: '/switchdc/v1', tls: { authority: 'the authority' } },
    ssh: { knownHosts: 'first\nsecond' },
    mariadb: { authority: 'the authority', replication: { user: 'repl' } },
    http: { path: '/api.php'.replace('/api', '/w/api'), timeout: 2_000 },
  });
  expect(connections?.mariadb.primaries.at(-1)).toEqual({
    section: 'x1',
    datacenter: 'codfw',
    knownAs: [],
    host: '::1',
    port: 3304,
  });
  expect(config.wiki.appServers).toEqual({ eqiad: 1, codfw: 1 });
  expect(config.secrets.map((secret) => secret.reveal()).sort()).toEqual([
    'planted private key',
    'planted-database-password',
    'planted-etcd-password',
    'planted-passphrase',
    'planted-replication-password',
    'the-key-of-the-client',
  ]);
  const shown = `${inspect(config, { depth: null })}${JSON.stringify(config)}`;
  expect(shown).not.toMatch(/planted|the-key-of-the-client/);
});

test('replication may be without a user of its own, and has then no secret either', async () => {
  const { connections, secrets } = await load(changed('connections/mariadb/replication'));
  expect(connections?.mariadb).not.toHaveProperty('replication');
  expect(secrets.map((secret) => secret.reveal())).not.toContain('planted-replication-password');
});

describe('people may speak for others', () => {
  const ruleFor = async (path?: string, value?: unknown) =>
    practiceAllowed(
      adaptersInUse(await load(path === undefined ? JSON.stringify(real()) : changed(path, value))),
    );
  test('where every server is on this machine', async () => {
    expect(await ruleFor()).toMatchObject({ allowed: true });
  });
  test.each([
    [
      'connections/etcd/endpoints',
      ['https://127.0.0.1:2379', 'https://10.0.0.1:2379'],
      /state \(etcd\) at .*10\.0\.0\.1/,
    ],
    ['connections/mariadb/primaries/x1/codfw', 'db2.codfw.wmnet:3306', /databases \(mariadb\) at db2/],
    ['connections/resolver/servers/ns1', '208.80.153.231:53', /dns \(resolver\) at 208/],
    ['connections/http/appServers/codfw/mw2', 'https://10.192.0.14:443', /wiki \(http\) at https:\/\/10/],
    ['connections/ssh/addresses', { 'mwmaint1.eqiad.wmnet': '127.0.1.1' }, /hosts \(ssh\) at mwmaint2/],
    ['connections/ssh/routes', [{ hosts: '*', jump: 'bast1.example.org' }], /hosts \(ssh\) at bast1/],
  ])('and nowhere else: %s %j', async (path, value, because) => {
    expect(await ruleFor(path, value)).toMatchObject({
      allowed: false,
      because: expect.stringMatching(because),
    });
  });
});

describe('what is missing or does not fit is told', () => {
  test.each([
    [
      'one simulated among real ones',
      'adapters/dns',
      'simulated',
      'adapters.dns',
      /^resolver, since .* are real/,
    ],
    [
      'an adapter without its connection',
      'connections/mariadb',
      undefined,
      'connections.mariadb',
      /how databases are reached/,
    ],
    ['no hosts', 'hosts', undefined, 'hosts', /the hosts that there are/],
    [
      'a section without its primary',
      'connections/mariadb/primaries/x1',
      undefined,
      'connections.mariadb.primaries.x1',
      /the section x1, too/,
    ],
    [
      'a primary in one datacenter only',
      'connections/mariadb/primaries/s1/codfw',
      undefined,
      'connections.mariadb.primaries.s1.codfw',
      /codfw, too/,
    ],
    [
      'a primary of no section',
      'connections/mariadb/primaries/s11',
      {},
      'connections.mariadb.primaries.s11',
      /one of s1, x1/,
    ],
    [
      'an alias of no section',
      'connections/mariadb/knownAs',
      { s2: {} },
      'connections.mariadb.knownAs.s2',
      /one of s1, x1/,
    ],
    [
      'a name server that is nowhere',
      'connections/resolver/servers/ns1',
      undefined,
      'connections.resolver.servers.ns1',
      /ns1, too/,
    ],
    [
      'clients of one datacenter only',
      'connections/resolver/clients/eqiad',
      undefined,
      'connections.resolver.clients.eqiad',
      /eqiad, too/,
    ],
    [
      'an excluded server that is none',
      'connections/resolver/excluded',
      [{ server: 'ns9', reason: 'x' }],
      'connections.resolver.excluded[0].server',
      /one of ns0, ns1/,
    ],
    [
      'no app server of a datacenter',
      'connections/http/appServers/codfw',
      undefined,
      'connections.http.appServers.codfw',
      /codfw, too/,
    ],
    [
      'neither key nor agent',
      'connections/ssh/privateKey',
      undefined,
      'connections.ssh.privateKey',
      /a private key, or an agent/,
    ],
    [
      'https and http',
      'connections/etcd/endpoints',
      ['https://a:1', 'http://b:2'],
      'connections.etcd.endpoints',
      /all addresses with https/,
    ],
    [
      'https without an authority',
      'connections/etcd/tls',
      undefined,
      'connections.etcd.tls',
      /the authority that signed/,
    ],
    [
      'a certificate without its key',
      'connections/etcd/tls/key',
      undefined,
      'connections.etcd.tls',
      /certificate and key together/,
    ],
    [
      'a file that is not there',
      'connections/mariadb/authority',
      '/nowhere',
      'connections.mariadb.authority',
      /a file that can be read/,
    ],
    [
      'a secret that is not there',
      'connections/mariadb/password',
      { env: 'NOT_SET' },
      'connections.mariadb.password.env',
      /an environment variable that is set/,
    ],
    [
      'a secret of replication that is not there',
      'connections/mariadb/replication/password',
      { file: '/nowhere' },
      'connections.mariadb.replication.password.file',
      /a file that can be read/,
    ],
    [
      'a user of replication without a password',
      'connections/mariadb/replication/password',
      undefined,
      'connections.mariadb.replication.password',
      /./,
    ],
    [
      'a host without a port',
      'connections/mariadb/primaries/s1/eqiad',
      '127.0.0.1',
      'connections.mariadb.primaries.s1.eqiad',
      /host:port/,
    ],
  ])('%s', async (_, path, value, at, expected) => {
    const mistakes = await mistakesIn(changed(path, value), files, env);
    expect(mistakes.map((mistake) => mistake.path)).toContain(at);
    expect(mistakes.find((mistake) => mistake.path === at)?.expected).toMatch(expected);
  });

  test.each(['connections/mariadb/password', 'connections/mariadb/replication/password'])(
    'a password that somebody typed in the place of its reference (%s) is not shown',
    async (path) => {
      const mistakes = await mistakesIn(changed(path, 'swordfish-planted'), files, env);
      expect(mistakes).not.toEqual([]);
      expect(renderMistakes(mistakes)).not.toContain('swordfish');
    },
  );
});

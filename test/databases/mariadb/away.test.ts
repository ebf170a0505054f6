import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificates } from '../../../lab/mariadb/certificates.js';
import { MariadbServer } from '../../../lab/mariadb/mariadb-server.js';
import { dataTemplate } from '../../../lab/mariadb/template.js';
import type { MariadbOptions } from '../../../src/databases/mariadb/options.js';
import { type OpenLab, Troubles, by, openDatabases, openLab, pairOf, until } from './support.js';

const [primary, replica] = pairOf('s1');
const [other] = pairOf('s2');
let open: OpenLab;
beforeAll(async () => {
  open = await openLab(['s1', 's2']);
}, 60_000);
afterAll(() => open[Symbol.asyncDispose](), 60_000);
beforeEach(() => open.lab.reset(), 30_000);

/** Only as long as a server that does not answer is waited for. */
const answerWithin = 500;
const readWrite = { answered: true, value: 'read-write' };
const noAnswer = (because: RegExp) => ({ answered: false, because: expect.stringMatching(because) });

describe('a MariaDB server that', () => {
  test('is frozen does not answer any question, and delays nobody beyond its deadline', async () => {
    await using databases = await openDatabases(open.lab, { answerWithin });
    await open.lab.server(primary).freeze();
    const { signal } = new AbortController();
    const late = noAnswer(/^no answer within|takes no connection in time$/);
    const position = '101-101-1' as Parameters<typeof databases.reached>[0][0]['position'];
    expect(await databases.access([primary, other])).toEqual([
      { primary, access: late },
      { primary: other, access: readWrite },
    ]);
    const answers = await Promise.all([
      databases.positions([primary]),
      databases.replication([primary]),
      databases.heartbeats([primary], primary.datacenter),
      databases.openTransactions([primary]),
      databases.reached([{ primary, position }], 0, signal),
      databases.setAccess([primary], 'read-only', by, 100),
    ]);
    expect(answers.flat()).toEqual([
      { primary, position: late },
      { primary, status: late },
      { primary, seen: late },
      { primary, open: late },
      { primary, reached: late },
      { primary, access: late },
    ]);
    open.lab.server(primary).process.thaw();
    await until(async () => (await databases.access([primary]))[0]?.access.answered === true);
  });

  test('is killed is told once as trouble, and answers, read-only, as soon as it is started again', async () => {
    const troubles = new Troubles();
    await using databases = await openDatabases(open.lab, { trouble: troubles.tell });
    const server = open.lab.server(primary);
    await server.process.kill();
    await troubles.until(/^s1\.codfw does not answer/);
    expect(await databases.access([primary])).toEqual([{ primary, access: noAnswer(/^nothing listens on/) }]);
    await server.process.start();
    expect(await databases.access([primary])).toEqual([
      { primary, access: { answered: true, value: 'read-only' } },
    ]);
    await troubles.until(/^s1\.codfw answers again$/);
    expect(troubles.told).toHaveLength(2);
  });

  test('is away at first is connected to in the background once it is there', async () => {
    const server = open.lab.server(primary);
    await server.process.kill();
    const troubles = new Troubles();
    await using databases = await openDatabases(open.lab, { trouble: troubles.tell });
    expect(troubles.told).toEqual([expect.stringMatching(/^s1\.codfw does not answer/)]);
    expect(await databases.access([other])).toEqual([{ primary: other, access: readWrite }]);
    await server.process.start();
    await troubles.until(/^s1\.codfw answers again$/);
  });

  test('loses its connections, by a line that is cut, is reached again when it is mended', async () => {
    const { across } = open.lab.server(primary);
    const troubles = new Troubles();
    const primaries = [{ primary, host: across.host, port: across.port }];
    await using databases = await openDatabases(open.lab, {
      primaries,
      trouble: troubles.tell,
    });
    expect(await databases.access([primary])).toEqual([{ primary, access: readWrite }]);
    across.cut();
    await troubles.until(/does not answer/);
    across.mend();
    expect(await databases.access([primary])).toEqual([{ primary, access: readWrite }]);
  });

  test('ends a wait by its death answers that', async () => {
    await using databases = await openDatabases(open.lab);
    const { signal } = new AbortController();
    const position = '101-101-999999999' as Parameters<typeof databases.reached>[0][0]['position'];
    const waiting = databases.reached([{ primary: replica, position }], 60_000, signal);
    const server = open.lab.server(replica);
    const waits =
      "SELECT 1 FROM information_schema.processlist WHERE info LIKE '%MASTER_GTID_WAIT%' AND user = 'switchdc'";
    await until(async () => (await server.sql(waits)).length > 0);
    await server.process.kill();
    expect(await waiting).toEqual([{ primary: replica, reached: noAnswer(/was lost|nothing listens/) }]);
  });
});

describe('a MariaDB server is not talked to', () => {
  const attempt = async (changed: Partial<MariadbOptions>): Promise<{ said: string; inspected: string }> => {
    const troubles = new Troubles();
    const lab = open.lab;
    const server = lab.server(primary);
    const primaries = changed.primaries ?? [{ primary, host: server.host, port: server.port }];
    await using databases = await openDatabases(lab, { trouble: troubles.tell, ...changed, primaries });
    const [answer] = await databases.access([primary]);
    expect(answer?.access.answered).toBe(false);
    const said = answer?.access.answered === false ? answer.access.because : '';
    expect(troubles.told[0]).toBe(`s1.codfw does not answer: ${said}`);
    return {
      said,
      inspected: inspect([databases, answer, troubles.told], { depth: null, showHidden: true }),
    };
  };

  test('with a wrong password, and says what to check without telling it', async () => {
    const planted = 'planted-secret-2718';
    const { said, inspected } = await attempt({ password: { reveal: () => planted } });
    expect(said).toMatch(/refuses the user switchdc: check the password/);
    expect(inspected).not.toContain(planted);
  });

  test('as a user that does not exist', async () => {
    expect((await attempt({ user: 'nobody' })).said).toMatch(/refuses the user nobody/);
  });

  test('when its certificate is by another authority', async () => {
    const { authority } = await makeCertificates(open.ground.folderFor('other-authority'), ['127.0.0.1']);
    expect((await attempt({ tls: { authority } })).said).toMatch(/certificate .* is not trusted \([A-Z_]+\)/);
  });

  test('when its certificate is for another name', async () => {
    const { authority } = open.lab.certificates;
    const { said } = await attempt({ tls: { authority, name: 'db1001.example.org' } });
    expect(said).toMatch(/certificate .* is for another name/);
  });

  test('when it offers no TLS', async () => {
    const { across, port } = open.lab.server(primary);
    const host = open.ground.ports.address(60, 1);
    const server = new MariadbServer(open.ground, {
      ...{ primary: { ...primary, section: 'plain' as typeof primary.section }, id: 301, host, port, across },
      ...{ certificates: open.lab.certificates, args: ['--skip-ssl'] },
    });
    await server.startFrom(await dataTemplate(open.ground));
    const { said } = await attempt({ primaries: [{ primary, host, port }] });
    await server.close();
    expect(said).toMatch(/offers no TLS/);
  });

  test('after the databases are closed', async () => {
    const databases = await openDatabases(open.lab);
    await databases[Symbol.asyncDispose]();
    expect(await databases.access([primary])).toEqual([{ primary, access: noAnswer(/are closed/) }]);
  });
});

import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { MariadbServer } from '../../../lab/mariadb/mariadb-server.js';
import { dataTemplate } from '../../../lab/mariadb/template.js';
import { TcpProxy } from '../../../lab/tcp-proxy.js';
import { MINUTE, SECOND } from '../../../src/domain/instant.js';
import type { Databases, PrimaryName, ReplicationStatus } from '../../../src/databases/databases.js';
import {
  type OpenLab,
  by,
  openDatabases,
  openLab,
  optionsFor,
  pairOf,
  positionOf,
  valueOf,
} from './support.js';

const [primary, replica] = pairOf('s1');
const { signal } = new AbortController();
const replication = {
  user: accounts.replication.user,
  password: { reveal: (): string => accounts.replication.password },
};
const fromPrimary = { kind: 'running', from: primary.datacenter } as const;
const stopped = { kind: 'stopped' } as const;
let open: OpenLab;
let databases: Databases & AsyncDisposable;

beforeAll(async () => {
  open = await openLab(['s1']);
  databases = await openDatabases(open.lab, { replication });
}, 60_000);
afterAll(async () => {
  await databases[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
}, 60_000);
beforeEach(async () => {
  await open.lab.server(replica).process.start();
  await replicateFromNowhere();
  await open.lab.connectReplica(replica);
  await open.lab.reset();
}, 30_000);

async function replicateFromNowhere(): Promise<void> {
  await open.lab.server(replica).sql('STOP SLAVE');
  await open.lab.server(replica).sql('RESET SLAVE ALL');
}

/** Whether the replica has the row that the application writes now. */
async function comesOver(note: string): Promise<boolean> {
  await open.lab.write(primary, note);
  const position = await positionOf(databases, primary);
  const [reached] = await databases.reached([{ primary: replica, position }], 20 * SECOND, signal);
  const rows = await open.lab.server(replica).sql('SELECT 1 FROM app.work WHERE note = ?', [note]);
  return valueOf(reached?.reached) && rows.length === 1;
}

const showReplica = async () => (await open.lab.server(replica).sql('SHOW SLAVE STATUS'))[0];
const gtidOf = async (of: PrimaryName): Promise<string> =>
  String((await open.lab.server(of).sql('SELECT @@GLOBAL.gtid_slave_pos AS at'))[0]?.['at']);
/** How many statements that change replication the replica has been given. */
async function statements(): Promise<unknown> {
  return open.lab
    .server(replica)
    .sql(
      "SHOW GLOBAL STATUS WHERE variable_name IN ('Com_start_slave', 'Com_stop_slave', 'Com_change_master')",
    );
}

const set = async (
  to: Parameters<Databases['setReplication']>[1],
  on: Databases = databases,
  deadline = 20 * SECOND,
): Promise<ReplicationStatus | undefined> => (await on.setReplication([replica], to, by, deadline))[0];

const isRunning = { primary: replica, status: expect.objectContaining({ answered: true }) };
const isFromPrimary = (status: ReplicationStatus | undefined): unknown =>
  expect(valueOf(status?.status)).toMatchObject({ from: primary.datacenter, running: true });

describe('replication of a MariaDB server', () => {
  test('that is as it is wanted is left alone', async () => {
    const before = await statements();
    expect(await set(fromPrimary)).toEqual(isRunning);
    expect(await statements()).toEqual(before);
    await open.lab.server(replica).sql('STOP SLAVE');
    const atRest = await statements();
    expect(atRest).not.toEqual(before);
    await set(stopped);
    expect(await statements()).toEqual(atRest);
  });

  test('of which only one thread is stopped is started, or stopped, altogether', async () => {
    await open.lab.stopReplication(replica);
    isFromPrimary(await set(fromPrimary));
    await open.lab.stopReplication(replica);
    expect(valueOf((await set(stopped))?.status)).toMatchObject({
      running: false,
      problem: 'the SQL thread is stopped; the IO thread is stopped',
    });
  });

  test('from nowhere gets a source, over TLS that is verified, and goes on where it had stopped', async () => {
    await set(stopped);
    const position = await gtidOf(replica);
    await replicateFromNowhere();
    await open.lab.write(primary, 'while there was no source');
    const status = await set(fromPrimary);
    expect(status).not.toHaveProperty('refused');
    isFromPrimary(status);
    expect(await comesOver('with a source')).toBe(true);
    const missed = await open.lab
      .server(replica)
      .sql("SELECT 1 FROM app.work WHERE note = 'while there was no source'");
    expect(missed).toHaveLength(1);
    expect(await showReplica()).toMatchObject({
      Using_Gtid: 'Slave_Pos',
      Master_SSL_Allowed: 'Yes',
      Master_SSL_Verify_Server_Cert: 'Yes',
      Master_SSL_CA_File: open.lab.certificates.authorityFile,
      Master_User: accounts.replication.user,
    });
    // Had it been reset, everything would have come again and clashed.
    expect(position).toMatch(/^\d+-\d+-\d+/);
    expect((await gtidOf(replica)).split(',')).toHaveLength(position.split(',').length);
  });

  test('from a stranger gets the source that is wanted, also while it runs', async () => {
    const { host, port } = open.lab.server(primary);
    const address = { host: open.ground.ports.address(61, 1), port };
    await using stranger = await TcpProxy.open(address, { host, port });
    const server = open.lab.server(replica);
    await server.sql('STOP SLAVE');
    await server.sql('CHANGE MASTER TO MASTER_HOST=?, MASTER_PORT=?, MASTER_SSL_VERIFY_SERVER_CERT=0', [
      stranger.host,
      stranger.port,
    ]);
    await server.sql('START SLAVE');
    const [before] = await databases.replication([replica]);
    expect(before?.status).toMatchObject({ answered: false, because: expect.stringContaining('none of') });
    isFromPrimary(await set(fromPrimary));
    expect(await comesOver('not from the stranger')).toBe(true);
    expect(await showReplica()).toMatchObject({ Master_SSL_Verify_Server_Cert: 'Yes' });
  });

  test('from whom has a certificate for another name does not run, and says so', async () => {
    const { host, port } = open.lab.server(primary);
    const address = { host: open.ground.ports.address(61, 2), port };
    await using uncertified = await TcpProxy.open(address, { host, port });
    const knownAs = [`${uncertified.host}:${uncertified.port}`];
    const primaries = optionsFor(open.lab).primaries.map((one) => ({ ...one, knownAs }));
    await using astray = await openDatabases(open.lab, { replication, primaries });
    await replicateFromNowhere();
    const status = await set(fromPrimary, astray, 2 * SECOND);
    expect(valueOf(status?.status)).toMatchObject({
      running: false,
      problem: expect.stringMatching(/^the IO thread .*(SSL|TLS|certificate)/),
    });
  });

  test('with a wrong password does not run, and says why without telling it', async () => {
    const planted = 'planted-replication-2718';
    const account = { ...replication, password: { reveal: () => planted } };
    await using wrong = await openDatabases(open.lab, { replication: account });
    await replicateFromNowhere();
    const status = await set(fromPrimary, wrong, 2 * SECOND);
    expect(valueOf(status?.status)).toMatchObject({
      from: primary.datacenter,
      running: false,
      problem: expect.stringMatching(/^the IO thread .*Access denied for user 'repl'/),
    });
    expect(inspect([wrong, status], { depth: null, showHidden: true })).not.toContain(planted);
  });

  test('with a password that a server cannot take is refused without the server’s words, which quote it', async () => {
    const planted = `planted-${'2718'.repeat(30)}`;
    const server = open.lab.server(replica);
    await server.sql('STOP SLAVE');
    await expect(server.sql('CHANGE MASTER TO MASTER_PASSWORD=?', [planted])).rejects.toThrow(/planted-2718/);
    await replicateFromNowhere();
    const troubles: string[] = [];
    const account = { ...replication, password: { reveal: () => planted } };
    await using wrong = await openDatabases(open.lab, {
      replication: account,
      trouble: (text) => troubles.push(text),
    });
    const status = await set(fromPrimary, wrong);
    expect(status?.refused).toBe('CHANGE MASTER TO was refused: ER_WRONG_STRING_LENGTH');
    // It has taken a part of the statement: the address, without the port.
    expect(status?.status.answered).toBe(false);
    expect(inspect([wrong, status, troubles], { depth: null, showHidden: true })).not.toContain('planted');
  });

  test('whose source cannot be changed, for want of a user, is started and stopped as ever', async () => {
    await using without = await openDatabases(open.lab);
    expect(valueOf((await set(stopped, without))?.status)).toMatchObject({ running: false });
    isFromPrimary(await set(fromPrimary, without));
    await replicateFromNowhere();
    const before = await statements();
    expect((await set(fromPrimary, without))?.refused).toBe(
      'its source cannot be changed: no replication user is configured (connections.mariadb.replication)',
    );
    expect(await statements()).toEqual(before);
  });

  test('of a server without an authority of its own gets no source: it could not verify it', async () => {
    const { across, port } = open.lab.server(replica);
    const host = open.ground.ports.address(61, 3);
    const name = { ...replica, section: 'bare' as typeof replica.section };
    const server = new MariadbServer(open.ground, {
      ...{ primary: name, id: 302, host, port, across },
      ...{ certificates: open.lab.certificates, args: ['--ssl-ca='] },
    });
    await server.startFrom(await dataTemplate(open.ground));
    const [known] = optionsFor(open.lab).primaries;
    const source = { host, port, ...known, primary: { ...name, datacenter: primary.datacenter } };
    const tls = { ...optionsFor(open.lab).tls, name: open.lab.server(replica).host };
    await using bare = await openDatabases(open.lab, {
      ...{ replication, tls, primaries: [source, { primary: name, host, port }] },
    });
    const [status] = await bare.setReplication(
      [name],
      { kind: 'running', from: primary.datacenter },
      by,
      SECOND,
    );
    const configured = await server.sql('SHOW SLAVE STATUS');
    await server.close();
    expect(status?.refused).toMatch(/^its source cannot be changed: it has no ssl_ca/);
    expect(configured).toEqual([]);
  });

  test('is not changed once the deadline is over', async () => {
    const status = await set(stopped, databases, 0);
    expect(status?.refused).toBe('STOP SLAVE was refused: by its clock it was too late');
    isFromPrimary(status);
    await open.lab.server(replica).sql('STOP SLAVE');
    expect(valueOf((await set(fromPrimary, databases, 0))?.status)).toMatchObject({ running: false });
  });

  test('from a primary that is down is connecting, says so, and runs once that is back', async () => {
    await open.lab.server(replica).sql('STOP SLAVE');
    open.lab.server(primary).across.cut();
    expect(valueOf((await set(fromPrimary, databases, SECOND))?.status)).toMatchObject({
      running: false,
      problem: expect.stringMatching(/^the IO thread is not connected/),
    });
    const starting = set(fromPrimary, databases, MINUTE);
    open.lab.server(primary).across.mend();
    isFromPrimary(await starting);
  });

  test('is a result where the server is down', async () => {
    await open.lab.server(replica).process.kill();
    for (const to of [stopped, fromPrimary])
      expect(await set(to)).toEqual({
        primary: replica,
        status: { answered: false, because: expect.stringMatching(/^nothing listens on/) },
      });
  });
});

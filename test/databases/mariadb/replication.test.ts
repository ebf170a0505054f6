import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { connectTo } from '../../../lab/mariadb/connect.js';
import { MINUTE, SECOND } from '../../../src/domain/instant.js';
import type { Databases, PrimaryName, Reached } from '../../../src/databases/databases.js';
import {
  type OpenLab,
  openDatabases,
  openLab,
  optionsFor,
  pairOf,
  positionOf,
  until,
  valueOf,
} from './support.js';

const [primary, replica] = pairOf('s1');
const { signal } = new AbortController();
let open: OpenLab;
let databases: Databases & AsyncDisposable;

beforeAll(async () => {
  open = await openLab(['s1'], { heartbeat: 50 });
  databases = await openDatabases(open.lab);
}, 60_000);
afterAll(async () => {
  await databases[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
}, 60_000);
beforeEach(() => open.lab.reset(), 30_000);

const statusOf = async (of: PrimaryName) => valueOf((await databases.replication([of]))[0]?.status);
const isReached = (value: boolean): Reached[] => [{ primary: replica, reached: { answered: true, value } }];
/** What nobody has written yet. */
const future = async () => (await positionOf(databases, primary)).replace(/\d+$/, '999999999') as never;
/** Ends once the adapter waits in the replica itself. */
const untilItWaits = async (): Promise<void> => {
  const waits = `SELECT 1 FROM information_schema.processlist WHERE info LIKE '%MASTER_GTID_WAIT%' AND user = 'switchdc'`;
  await until(async () => (await open.lab.server(replica).sql(waits)).length > 0);
};

describe('a position of a MariaDB server', () => {
  test('is of its own GTID domain alone, though its binary log has both', async () => {
    await open.lab.write(replica, 'no').catch(() => undefined);
    expect(await positionOf(databases, primary)).toMatch(/^101-101-\d+$/);
    expect(await positionOf(databases, replica)).toMatch(/^201-201-\d+$/);
    const [row] = await open.lab.server(primary).sql('SELECT @@GLOBAL.gtid_binlog_pos AS both_domains');
    expect(row?.['both_domains']).toMatch(/101-101-\d+.*201-201-\d+/);
  });

  test('that is empty is no answer, because it would be taken for reached', async () => {
    const server = open.lab.server(primary);
    const [row] = await server.sql('SELECT @@GLOBAL.gtid_domain_id AS domain');
    await server.sql('SET GLOBAL gtid_domain_id=999');
    try {
      await using fresh = await openDatabases(open.lab);
      expect(await fresh.positions([primary])).toEqual([
        {
          primary,
          position: {
            answered: false,
            because: expect.stringContaining('nothing in its own GTID domain 999'),
          },
        },
      ]);
    } finally {
      await server.sql('SET GLOBAL gtid_domain_id=?', [row?.['domain']]);
    }
  });

  test.each(['', 'nonsense', '1-2'])('is not awaited when it is %p', async (text) => {
    const [answer] = await databases.reached([{ primary: replica, position: text as never }], 0, signal);
    expect(answer?.reached).toEqual({ answered: false, because: `"${text}" is no position` });
  });

  test('is reached the moment that what stood in its way ends, not at the end of the time', async () => {
    await open.lab.stopReplication(replica);
    await open.lab.write(primary, 'an edit');
    const position = await positionOf(databases, primary);
    await open.lab.startReplication(replica);
    const answers = await databases.reached([{ primary: replica, position }], 30 * MINUTE, signal);
    expect(answers).toEqual(isReached(true));
  });

  test('is not reached when the time is over', async () => {
    const asked = [{ primary: replica, position: await future() }];
    expect(await databases.reached(asked, 50, signal)).toEqual(isReached(false));
  });
});

describe('a MariaDB replica', () => {
  test.each(['STOP SLAVE', 'STOP SLAVE SQL_THREAD', 'STOP SLAVE IO_THREAD'])(
    'after %s is not waited for, and says which thread is stopped',
    async (statement) => {
      await open.lab.server(replica).sql(statement);
      const asked = [{ primary: replica, position: await future() }];
      expect(await databases.reached(asked, 30 * MINUTE, signal)).toEqual(isReached(false));
      const { running, problem } = await statusOf(replica);
      expect(running).toBe(false);
      const threads = statement.includes('_')
        ? [statement.replace(/^STOP SLAVE (\w+)_THREAD$/, '$1')]
        : ['SQL', 'IO'];
      for (const name of threads) expect(problem).toContain(`the ${name} thread is stopped`);
    },
  );

  test('that stops while it is waited for ends the wait', async () => {
    const waiting = databases.reached([{ primary: replica, position: await future() }], 30 * MINUTE, signal);
    await untilItWaits();
    await open.lab.stopReplication(replica);
    expect(await waiting).toEqual(isReached(false));
  });

  test('whose IO thread is stopped still executes what it has received', async () => {
    const server = open.lab.server(replica);
    // The edit waits for this, and whatever comes after it.
    const blocker = await connectTo(server.loginOf(accounts.application));
    await blocker.query('LOCK TABLES app.work READ');
    await open.lab.write(primary, 'an edit');
    const position = await positionOf(databases, primary);
    const received = async (): Promise<bigint> => {
      const [row] = await server.sql('SHOW SLAVE STATUS');
      return BigInt(/101-101-(\d+)/.exec(String(row?.['Gtid_IO_Pos']))?.[1] ?? 0);
    };
    await until(async () => (await received()) >= BigInt(position.split('-')[2] ?? 0));
    await server.sql('STOP SLAVE IO_THREAD');
    const waiting = databases.reached([{ primary: replica, position }], 30 * MINUTE, signal);
    await untilItWaits();
    await blocker.query('UNLOCK TABLES');
    expect(await waiting).toEqual(isReached(true));
    blocker.destroy();
  });

  test('that cannot execute what comes says what, and is not waited for', async () => {
    await open.lab.breakReplication(replica);
    const position = await positionOf(databases, primary);
    expect(await databases.reached([{ primary: replica, position }], 30 * MINUTE, signal)).toEqual(
      isReached(false),
    );
    expect(await statusOf(replica)).toMatchObject({
      from: primary.datacenter,
      running: false,
      problem: expect.stringMatching(
        /^the SQL thread is stopped: .*Duplicate entry .*lab\.clash|lab\.clash.*Duplicate/,
      ),
    });
    // The other way goes on.
    expect(await statusOf(primary)).toMatchObject({ from: replica.datacenter, running: true });
  });

  test('whose line is cut says that it is not connected', async () => {
    open.lab.server(primary).across.cut();
    await until(async () => !(await statusOf(replica)).running);
    expect((await statusOf(replica)).problem).toMatch(/^the IO thread is not connected/);
  });

  test('that replicates from nowhere, or from a stranger, gives no answer', async () => {
    const server = open.lab.server(replica);
    const strangers = optionsFor(open.lab).primaries.map(({ knownAs: _, ...rest }) => rest);
    await using ignorant = await openDatabases(open.lab, { primaries: strangers });
    const [stranger] = await ignorant.replication([replica]);
    const { host, port } = open.lab.server(primary).across;
    expect(stranger?.status).toEqual({
      answered: false,
      because: `it replicates from ${host}:${port}, which is none of the configured primaries`,
    });
    await server.sql('STOP SLAVE');
    await server.sql("CHANGE MASTER TO MASTER_HOST='', MASTER_USE_GTID=slave_pos").catch(() => undefined);
    await server.sql('RESET SLAVE ALL');
    const [nowhere] = await databases.replication([replica]);
    const [unreached] = await databases.reached(
      [{ primary: replica, position: await future() }],
      MINUTE,
      signal,
    );
    await open.lab.connectReplica(replica);
    expect(nowhere?.status).toEqual({
      answered: false,
      because: expect.stringContaining('it replicates from nowhere'),
    });
    expect(unreached?.reached).toEqual({ answered: true, value: false });
  });
});

describe('a heartbeat on a MariaDB server', () => {
  test('is the newest of another datacenter, in whole milliseconds, never newer than it is', async () => {
    const server = open.lab.server(replica);
    const [row] = await server.sql("SELECT ts FROM heartbeat.heartbeat WHERE datacenter = 'codfw'");
    const seen = valueOf((await databases.heartbeats([replica], primary.datacenter))[0]?.seen);
    expect(seen).toBeGreaterThanOrEqual(Date.parse(`${String(row?.['ts']).slice(0, 23)}Z`));
    // An old one of a server that is gone, and one of its own, are there too; they are not what is asked for.
    await server.sqlOfItsOwn(
      "REPLACE INTO heartbeat.heartbeat (ts, server_id, shard, datacenter) VALUES ('2020-01-01T00:00:00.000000', 7, 's1', 'codfw'), ('2099-01-01 00:00:00.123999', 8, 's1', 'eqiad')",
    );
    const again = valueOf((await databases.heartbeats([replica], primary.datacenter))[0]?.seen);
    expect(again).toBeGreaterThanOrEqual(seen);
    expect(again).toBeLessThan(Date.parse('2099-01-01T00:00:00Z'));
    await server.sqlOfItsOwn('DELETE FROM heartbeat.heartbeat WHERE server_id IN (7, 8)');
  });

  test('goes on while the other one is read-only: so one that is strictly newer proves that all is executed', async () => {
    const seen = async () => valueOf((await databases.heartbeats([replica], primary.datacenter))[0]?.seen);
    await open.lab.server(primary).sql('SET GLOBAL read_only=1');
    const first = await seen();
    await until(async () => (await seen()) > first);
  });

  test('that was never written is no answer', async () => {
    const server = open.lab.server(replica);
    await server.sql('STOP SLAVE SQL_THREAD');
    await server.sqlOfItsOwn("DELETE FROM heartbeat.heartbeat WHERE datacenter = 'codfw'");
    expect(await databases.heartbeats([replica], primary.datacenter)).toEqual([
      { primary: replica, seen: { answered: false, because: 'it has no heartbeat of codfw' } },
    ]);
    // Replication updates the row, so it has to be there again.
    await server.sqlOfItsOwn(
      "INSERT INTO heartbeat.heartbeat (ts, server_id, shard, datacenter) VALUES ('', 101, 's1', 'codfw')",
    );
  });
});

test('the wait for a position ends at the signal, and the server answers others meanwhile', async () => {
  const stop = new AbortController();
  const asked = [{ primary: replica, position: await future() }];
  const waiting = databases.reached(asked, 30 * MINUTE, stop.signal);
  const ended = expect(waiting).rejects.toThrow('enough');
  await untilItWaits();
  expect(valueOf((await databases.access([replica]))[0]?.access)).toBe('read-only');
  stop.abort(new Error('enough'));
  await ended;
  expect(await databases.reached(asked, SECOND / 20, signal)).toEqual(isReached(false));
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { connectTo } from '../../../lab/mariadb/connect.js';
import type { Databases } from '../../../src/databases/databases.js';
import { threadsInTransaction } from '../../../src/databases/mariadb/open-transactions.js';
import { type OpenLab, openDatabases, openLab, pairOf, until, valueOf } from './support.js';

const [primary, replica] = pairOf('s1');

describe('the transactions of the application on a MariaDB server', () => {
  let open: OpenLab;
  let databases: Databases & AsyncDisposable;
  beforeAll(async () => {
    open = await openLab(['s1']);
    databases = await openDatabases(open.lab);
  }, 60_000);
  afterAll(async () => {
    await databases[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
  }, 60_000);
  beforeEach(() => open.lab.reset(), 30_000);
  const count = async (of = primary): Promise<number> =>
    valueOf((await databases.openTransactions([of]))[0]?.open);

  test('are counted while they are open, idle or running, and not any more once they end', async () => {
    expect(await count()).toBe(0);
    const first = await open.lab.holdTransaction(primary);
    const second = await open.lab.holdTransaction(primary);
    const statement = await open.lab.holdStatement(primary);
    expect(await count()).toBe(3);
    await first.commit();
    expect(await count()).toBe(2);
    await second.release();
    await statement.release();
    expect(await count()).toBe(0);
  });

  test('are seen at once, although somebody else looks at innodb_trx so often that its picture is frozen', async () => {
    const server = open.lab.server(primary);
    const look = () => server.sql('SELECT COUNT(*) FROM information_schema.innodb_trx');
    const over = new AbortController();
    const monitor = (async () => {
      while (!over.signal.aborted) await look();
    })();
    await look();
    const held = await open.lab.holdTransaction(primary);
    const whileHeld = await count();
    await held.release();
    const afterwards = await count();
    over.abort();
    await monitor;
    expect([whileHeld, afterwards]).toEqual([1, 0]);
  });

  test('do not include those of heartbeats, of replication and of the adapter itself', async () => {
    const server = open.lab.server(primary);
    const writing = [accounts.heartbeat, accounts.switching].map(async (account) => {
      const connection = await connectTo(server.loginOf(account));
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      return connection;
    });
    const connections = await Promise.all(writing);
    expect(await count()).toBe(0);
    // A row that the replica's own thread waits for, inside a transaction of its own.
    const root = open.lab.server(replica);
    const blocker = await connectTo(root.loginOf(accounts.heartbeat));
    await blocker.query('START TRANSACTION');
    await blocker.query('SELECT * FROM heartbeat.heartbeat FOR UPDATE');
    const waits = async (): Promise<boolean> => {
      const [row] = await root.sql('SHOW ENGINE INNODB STATUS');
      return String(row?.['Status']).includes('LOCK WAIT');
    };
    await until(waits);
    expect(await count(replica)).toBe(0);
    for (const connection of [...connections, blocker]) connection.destroy();
  });
});

describe("InnoDB's report", () => {
  const report = (...entries: string[]): string =>
    ['TRANSACTIONS', 'LIST OF TRANSACTIONS FOR EACH SESSION:', ...entries, '--------', 'FILE I/O'].join('\n');
  const active = (thread: number, text = ''): string =>
    `---TRANSACTION 23, ACTIVE 1 sec\n2 lock struct(s), heap size 1128\nMariaDB thread id ${thread}, OS thread handle 1, query id 3 localhost x\n${text}`;

  test.each([
    ['nobody', report(), []],
    ['one that is active', report(active(7)), [7]],
    ['one that is being committed', report(active(7).replace('ACTIVE', 'ACTIVE (PREPARED)')), [7]],
    ['one that is over', report(active(7).replace('ACTIVE 1 sec', 'COMMITTED IN MEMORY')), []],
    [
      'a session without one',
      report('---TRANSACTION (0x7f2), not started\n0 lock struct(s)\nMariaDB thread id 9, OS'),
      [],
    ],
    [
      'a recovered one without a thread',
      report('---TRANSACTION 23, ACTIVE (PREPARED) 1 sec recovered trx'),
      [],
    ],
    [
      'an edit whose text looks like a report',
      report(active(7, "INSERT 'x\n---TRANSACTION 9, not started\nMariaDB thread id 7, OS'"), active(8)),
      [7, 8],
    ],
  ])('tells of %s', (_what, text, threads) => {
    expect([...threadsInTransaction(text)]).toEqual(threads);
  });

  test('that has no list, or was cut where one could be, is no answer', () => {
    expect(() => threadsInTransaction('FAIL TO OBTAIN LOCK MUTEX')).toThrow('lists no transactions');
    expect(() => threadsInTransaction(report('... truncated...'))).toThrow('too long');
    expect([...threadsInTransaction(report('... truncated...', active(7)))]).toEqual([7]);
  });
});

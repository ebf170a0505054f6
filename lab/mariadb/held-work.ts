import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mariadb';
import { accounts } from './accounts.js';
import { connectTo } from './connect.js';
import type { MariadbServer } from './mariadb-server.js';

/** Work of the application that does not end by itself. */
export interface HeldWork {
  /** Takes it back: the connection is closed, the server rolls back. */
  release(): Promise<void>;
}

export interface HeldTransaction extends HeldWork {
  /** What an application does that knows nothing of a switchover; rejects when the server refuses. */
  commit(): Promise<void>;
}

/** How long a held statement runs unless it is released, in seconds. */
const LONGEST = 600;

/** A transaction of the application that has written and is open. */
export async function holdTransaction(server: MariadbServer, note: string): Promise<HeldTransaction> {
  const connection = await connectTo(server.loginOf(accounts.application));
  await connection.query('START TRANSACTION');
  await connection.query('INSERT INTO app.work VALUES (UUID(), ?)', [note]);
  return {
    commit: () => connection.query('COMMIT'),
    release: () => release(server, connection),
  };
}

/** A statement of the application that writes and is running when this returns. */
export async function holdStatement(server: MariadbServer): Promise<HeldWork> {
  const connection = await connectTo(server.loginOf(accounts.application));
  const statement = connection.query(`UPDATE app.work SET note = SLEEP(${LONGEST}) WHERE id = 'held'`);
  statement.catch(() => undefined);
  const runs = `SELECT 1 FROM information_schema.processlist WHERE id = ? AND state = 'User sleep'`;
  while ((await server.sql(runs, [connection.threadId])).length === 0) await sleep(5);
  return { release: () => release(server, connection) };
}

/** By force, and only back once the server has forgotten it. One that is down has. */
async function release(server: MariadbServer, connection: Connection): Promise<void> {
  const id = connection.threadId;
  if (!connection.isValid() || id === null || !server.process.isRunning) return;
  await server.sql(`KILL ${id}`).catch(() => undefined);
  const runs = 'SELECT 1 FROM information_schema.processlist WHERE id = ?';
  while ((await server.sql(runs, [id])).length > 0) await sleep(5);
}

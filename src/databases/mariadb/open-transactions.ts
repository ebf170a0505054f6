import { z } from 'zod';
import type { Millis } from '../../domain/instant.js';
import { NoAnswer } from './no-answer.js';
import type { Session } from './session.js';

const statusRow = z.object({ Status: z.string() });
const threadRow = z.object({ id: z.number(), user: z.string().nullable() });

/** Replication's threads and the server's own. */
const SERVERS_OWN = ['system user', 'event_scheduler'];

/**
 * How many transactions of the application are open: those of everybody but the server itself and `not`. Throws
 * NoAnswer.
 *
 * Not from information_schema.innodb_trx: it shows one and the same picture for as long as anybody, a monitor say,
 * looks at it more often than every 100 ms. SHOW ENGINE INNODB STATUS is always as of now.
 */
export async function countOpenTransactions(
  session: Session,
  not: readonly string[],
  within: Millis,
): Promise<number> {
  // Sent together; in this order, so that a thread that is listed in the first and missing in the second is gone.
  const [[status], threads] = await Promise.all([
    session.query(statusRow, 'SHOW ENGINE INNODB STATUS', [], within),
    session.query(threadRow, 'SELECT id, user FROM information_schema.processlist', [], within),
  ]);
  const open = threadsInTransaction(status?.Status ?? '');
  const ignored = [...SERVERS_OWN, ...not];
  return threads.filter(({ id, user }) => open.has(id) && !ignored.includes(user ?? '')).length;
}

/**
 * The threads that have an open transaction, from InnoDB's report on itself. A statement in it may hold lines that
 * look like the report's own: they can only add threads, and those count once. Throws NoAnswer where the report does
 * not show it. Pure.
 */
export function threadsInTransaction(report: string): Set<number> {
  const [, list] = report.split(/^LIST OF TRANSACTIONS FOR EACH SESSION:$/m);
  if (list === undefined) throw new NoAnswer('the report of InnoDB lists no transactions');
  const open = new Set<number>();
  for (const entry of list.split(/^---TRANSACTION /m).slice(1)) {
    const [, state] = /^[^,\n]*, ([^\n]*)/.exec(entry) ?? [];
    const [, thread] = /^(?:MariaDB|MySQL) thread id (\d+),/m.exec(entry) ?? [];
    if (state?.startsWith('ACTIVE') === true && thread !== undefined) open.add(Number(thread));
  }
  // A report of more than 1 MiB is cut in this list.
  if (open.size === 0 && list.includes('... truncated...'))
    throw new NoAnswer('the report of InnoDB is too long to show all transactions');
  return open;
}

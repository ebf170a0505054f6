import { z } from 'zod';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Instant, Millis } from '../../domain/instant.js';
import type { DatacenterName } from '../../domain/names.js';
import type { Authority } from '../../domain/reason.js';
import { type PrimaryName, type ReplicationWanted, whyNoSource } from '../databases.js';
import { NoAnswer } from './no-answer.js';
import type { MariadbPrimary, ReplicationAccount } from './options.js';
import { type Replica, isRunning, readReplica, sourceOf } from './replica-status.js';
import type { Session } from './session.js';
import { signature } from './signature.js';
import { sourceAddress } from './source-address.js';

/** Between two looks at threads that are connecting. */
const LOOK_EVERY: Millis = 50;

const authorityRow = z.object({ authority: z.string().nullable() });

export interface ReplicationOrder {
  readonly primary: PrimaryName;
  readonly to: ReplicationWanted;
  readonly by: Authority;
  /** The primaries of the section. */
  readonly known: readonly MariadbPrimary[];
  readonly account: ReplicationAccount | undefined;
  /** The latest that a statement may take effect, and that threads are waited for. */
  readonly until: Instant;
  readonly clock: Clock;
  /** How long an answer may take besides. */
  readonly answerWithin: Millis;
}

/**
 * Writes. Has a server replicate or stop; undefined when every statement for it was carried out, else what stood against
 * it. Throws NoAnswer where there is no answer, so that nobody knows.
 *
 * The statements go one after the other, each only while there is time by the server's own clock: one that hangs and
 * reads a statement later does nothing. STOP SLAVE waits for what the SQL thread is executing.
 */
export async function setReplication(session: Session, order: ReplicationOrder): Promise<string | undefined> {
  const impossible = whyNoSource(order.primary, order.to);
  if (impossible !== undefined) return impossible;
  try {
    return await change(session, order);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** Looks until both threads run, one has stopped again, or the time is over. Throws NoAnswer. */
export async function untilSettled(session: Session, order: ReplicationOrder): Promise<Replica | undefined> {
  const { clock, until, answerWithin } = order;
  for (;;) {
    const replica = await readReplica(session, answerWithin);
    if (replica === undefined || isRunning(replica) || isStopped(replica) || clock.now() >= until)
      return replica;
    await sleep(clock, LOOK_EVERY);
  }
}

async function change(session: Session, order: ReplicationOrder): Promise<string | undefined> {
  const { to, known, answerWithin } = order;
  const replica = await readReplica(session, answerWithin);
  if (to.kind === 'stopped') {
    if (!isAtRest(replica)) await sendInTime(session, order, 'STOP SLAVE');
    return undefined;
  }
  if (replica === undefined || sourceOf(replica, known) !== to.from)
    return changeSource(session, order, to.from, replica);
  if (!isRunning(replica)) await sendInTime(session, order, 'START SLAVE');
  return undefined;
}

/** What can be found wanting is found before anything is stopped. */
async function changeSource(
  session: Session,
  order: ReplicationOrder,
  from: DatacenterName,
  replica: Replica | undefined,
): Promise<string | undefined> {
  const { primary, known, account, answerWithin } = order;
  const source = known.find((other) => other.primary.datacenter === from);
  if (source === undefined) return `there is no primary of ${primary.section} configured in ${from}`;
  if (account === undefined)
    return 'its source cannot be changed: no replication user is configured (connections.mariadb.replication)';
  const [row] = await session.query(authorityRow, 'SELECT @@GLOBAL.ssl_ca AS authority', [], answerWithin);
  // A file of that server's: ours is of no use to it.
  const authority = row?.authority ?? '';
  if (authority === '')
    return 'its source cannot be changed: it has no ssl_ca, so it could not tell that source from another';

  if (!isAtRest(replica)) await sendInTime(session, order, 'STOP SLAVE');
  const { host, port } = sourceAddress(source);
  // The server's list of statements shows this one for as long as it takes: so it is sent alone, when there is nothing
  // left to wait for, and the password comes last, where SHOW PROCESSLIST has cut it off.
  await sendInTime(
    session,
    order,
    'CHANGE MASTER TO',
    `MASTER_USE_GTID=slave_pos, MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=1, MASTER_SSL_CA=?,
       MASTER_HOST=?, MASTER_PORT=?, MASTER_USER=?, MASTER_PASSWORD=?`,
    [authority, host, port, account.user, account.password.reveal()],
  );
  await sendInTime(session, order, 'START SLAVE');
  return undefined;
}

async function sendInTime(
  session: Session,
  { by, until, clock, answerWithin }: ReplicationOrder,
  statement: 'STOP SLAVE' | 'START SLAVE' | 'CHANGE MASTER TO',
  settings = '',
  values: readonly (string | number)[] = [],
): Promise<void> {
  try {
    await session.command(
      `BEGIN NOT ATOMIC
         IF UTC_TIMESTAMP(6) >= ? THEN SIGNAL SQLSTATE '45000'; END IF;
         ${statement} ${signature(by)} ${settings};
       END`,
      [session.serverTime(until), ...values],
      Math.max(0, until - clock.now()) + answerWithin,
    );
  } catch (error) {
    // A session that is over: it may have been carried out, or may yet be.
    if (!(error instanceof NoAnswer) || !session.isOpen) throw error;
    throw new Refused(`${statement} was refused: ${error.message}`);
  }
}

/** A server's answer to a statement, which was no. */
class Refused extends NoAnswer {}

function isAtRest(replica: Replica | undefined): boolean {
  return replica === undefined || (replica.Slave_IO_Running === 'No' && replica.Slave_SQL_Running === 'No');
}

/** A thread that has stopped does not start by itself; one that is connecting may yet. */
function isStopped(replica: Replica): boolean {
  return replica.Slave_IO_Running === 'No' || replica.Slave_SQL_Running === 'No';
}

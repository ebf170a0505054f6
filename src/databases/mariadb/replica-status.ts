import { z } from 'zod';
import { type Millis, SECOND } from '../../domain/instant.js';
import type { DatacenterName } from '../../domain/names.js';
import type { ReplicationStatus } from '../databases.js';
import { covers, parseGtids } from './gtid.js';
import { NoAnswer, quoted } from './no-answer.js';
import { addressesOf } from './source-address.js';
import type { MariadbPrimary } from './options.js';
import type { Session } from './session.js';

const replicaRow = z.object({
  Master_Host: z.string(),
  Master_Port: z.number(),
  Slave_IO_Running: z.string(),
  Slave_SQL_Running: z.string(),
  Last_IO_Error: z.string(),
  Last_SQL_Error: z.string(),
  Seconds_Behind_Master: z.number().nullable(),
  Gtid_IO_Pos: z.string(),
});

/** What SHOW SLAVE STATUS says. */
export type Replica = z.infer<typeof replicaRow>;

/** Undefined for a server that replicates from nowhere. Throws NoAnswer. */
export async function readReplica(session: Session, within: Millis): Promise<Replica | undefined> {
  const [row] = await session.query(replicaRow, 'SHOW SLAVE STATUS', [], within);
  return row;
}

type Status = Extract<ReplicationStatus['status'], { answered: true }>['value'];

/** In the words of the port. Throws NoAnswer where the server replicates from none of those that are known. Pure. */
export function statusOf(replica: Replica | undefined, known: readonly MariadbPrimary[]): Status {
  if (replica === undefined)
    throw new NoAnswer(
      'it replicates from nowhere: SHOW SLAVE STATUS has no row (CHANGE MASTER TO is missing)',
    );
  const running = isRunning(replica);
  const from = sourceOf(replica, known);
  if (from === undefined) {
    const address = `${replica.Master_Host}:${replica.Master_Port}`;
    throw new NoAnswer(`it replicates from ${address}, which is none of the configured primaries`);
  }
  return {
    from,
    running,
    ...(replica.Seconds_Behind_Master === null ? {} : { lag: replica.Seconds_Behind_Master * SECOND }),
    ...(running ? {} : { problem: problemOf(replica) }),
  };
}

/**
 * Whether it will not execute a position however long one waits: its SQL thread is stopped, or what it lacks cannot
 * come because its IO thread is. One that is connecting may yet. Pure.
 */
export function isStuck(replica: Replica | undefined, position: string): boolean {
  if (replica?.Slave_SQL_Running !== 'Yes') return true;
  if (replica.Slave_IO_Running !== 'No') return false;
  const received = parseGtids(replica.Gtid_IO_Pos);
  const wanted = parseGtids(position);
  return received === undefined || wanted === undefined || !covers(received, wanted);
}

/** Both threads do. Pure. */
export function isRunning(replica: Replica): boolean {
  return replica.Slave_IO_Running === 'Yes' && replica.Slave_SQL_Running === 'Yes';
}

/** Where it is configured to replicate from, running or not; undefined for a stranger. Pure. */
export function sourceOf(replica: Replica, known: readonly MariadbPrimary[]): DatacenterName | undefined {
  const address = `${replica.Master_Host}:${replica.Master_Port}`;
  return known.find((primary) => addressesOf(primary).includes(address))?.primary.datacenter;
}

function problemOf(replica: Replica): string {
  const threads = [
    { name: 'SQL', state: replica.Slave_SQL_Running, error: replica.Last_SQL_Error },
    { name: 'IO', state: replica.Slave_IO_Running, error: replica.Last_IO_Error },
  ];
  return threads
    .filter(({ state }) => state !== 'Yes')
    .map(({ name, state, error }) => {
      const doing = state === 'No' ? 'is stopped' : `is not connected (${state})`;
      return `the ${name} thread ${doing}${error === '' ? '' : `: ${quoted(error)}`}`;
    })
    .join('; ');
}

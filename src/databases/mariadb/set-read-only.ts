import { z } from 'zod';
import { type Instant, type Millis, SECOND, formatLength } from '../../domain/instant.js';
import type { Authority } from '../../domain/reason.js';
import type { Access } from '../databases.js';
import { NoAnswer } from './no-answer.js';
import type { Session } from './session.js';
import { signature } from './signature.js';

const accessRow = z.object({ read_only: z.union([z.literal(0), z.literal(1)]) });

/** Throws NoAnswer. */
export async function readAccess(session: Session, within: Millis): Promise<Access> {
  const [row] = await session.query(accessRow, 'SELECT @@GLOBAL.read_only AS read_only', [], within);
  if (row === undefined) throw new NoAnswer('the server does not say whether it is read-only');
  return row.read_only === 1 ? 'read-only' : 'read-write';
}

export interface AccessOrder {
  readonly access: Access;
  readonly by: Authority;
  /** How long the statement may wait for running ones, and the latest that it may take effect. */
  readonly deadline: Millis;
  readonly until: Instant;
  /** How long an answer may take besides. */
  readonly answerWithin: Millis;
}

/**
 * Writes. Sets the access and reads it anew, in one round trip; `refused` is what the server said where it did not do
 * it. Throws NoAnswer where the reading has no answer.
 *
 * SET GLOBAL read_only=1 waits for statements that are running, and keeps new ones from starting meanwhile: so it is
 * bounded, by lock_wait_timeout (whole seconds, and for each of the locks it takes) and by max_statement_time (for all
 * of it). A server that hangs may read the statement much later, when everything has changed: by its own clock it then
 * does nothing, so a deadline that has passed here has passed there too.
 */
export async function setReadOnly(
  session: Session,
  order: AccessOrder,
): Promise<{ access: Access; refused?: string }> {
  const { access, by, deadline, until, answerWithin } = order;
  const latest = session.serverTime(until);
  const within = deadline + answerWithin;
  const set = session.query(
    z.unknown(),
    `SET STATEMENT lock_wait_timeout=?,
       max_statement_time=GREATEST(0.001, TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), ?) / 1000000)
     FOR SET ${signature(by)} GLOBAL read_only=IF(UTC_TIMESTAMP(6) < ?, ?, @@GLOBAL.read_only)`,
    [Math.floor(deadline / SECOND), latest, latest, access === 'read-only' ? 1 : 0],
    within,
  );
  const [answer, now] = await Promise.allSettled([set, readAccess(session, within)]);
  if (now.status === 'rejected') throw now.reason;
  if (now.value === access) return { access };
  if (answer.status === 'fulfilled')
    return { access: now.value, refused: `it did not say why; its clock may be wrong, or it took too long` };
  if (!(answer.reason instanceof NoAnswer)) throw answer.reason;
  return { access: now.value, refused: `within ${formatLength(deadline)}: ${answer.reason.message}` };
}

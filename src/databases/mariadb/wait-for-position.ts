import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, SECOND } from '../../domain/instant.js';
import type { Position } from '../databases.js';
import { covers, parseGtids } from './gtid.js';
import { NoAnswer } from './no-answer.js';
import { isStuck, readReplica } from './replica-status.js';
import type { Session } from './session.js';

/** How long one statement waits: a replica that stops meanwhile does not wake it. */
const SLICE: Millis = SECOND;

/** 0 when it has been executed, -1 when the time was over. */
const waitedRow = z.object({
  waited: z.number().nullable(),
  domain: z.number(),
  written: z.string(),
});

const WRITTEN = '@@GLOBAL.gtid_domain_id AS domain, @@GLOBAL.gtid_binlog_pos AS written';
const WAIT = `SELECT MASTER_GTID_WAIT(?, ?) AS waited, ${WRITTEN}`;
/** The same, but without waiting where replication does not run: it would only wait in vain. */
const WAIT_IF_RUNNING = `SELECT IF(
    (SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'SLAVE_RUNNING') = 'ON',
    MASTER_GTID_WAIT(?, ?), MASTER_GTID_WAIT(?, 0)) AS waited, ${WRITTEN}`;

export interface WaitOptions {
  readonly position: Position;
  readonly deadline: Instant;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long an answer may take besides what is waited. */
  readonly answerWithin: Millis;
}

/**
 * Whether the server has executed a position by the deadline. The server itself waits and answers the moment it has;
 * one round trip where replication runs. A replica that is stuck is false at once. Throws NoAnswer.
 */
export async function waitForPosition(session: Session, options: WaitOptions): Promise<boolean> {
  const { position, deadline, clock, signal, answerWithin } = options;
  const wanted = parseGtids(position);
  // The server takes an empty position for one that has been reached.
  if (wanted === undefined || wanted.size === 0) throw new NoAnswer(`"${position}" is no position`);
  for (let isFirst = true; ; isFirst = false) {
    const slice = Math.max(0, Math.min(SLICE, deadline - clock.now()));
    const seconds = slice / SECOND;
    const [row] = isFirst
      ? await session.query(waitedRow, WAIT_IF_RUNNING, [position, seconds, position], slice + answerWithin)
      : await session.query(waitedRow, WAIT, [position, seconds], slice + answerWithin);
    if (row === undefined) throw new NoAnswer('the server does not say what it has executed');
    if (row.waited === 0) return true;
    // What it has written itself does not come back to it as something to execute, or only after a round.
    const own = [...wanted].every(([domain]) => domain === String(row.domain));
    if (own && covers(parseGtids(row.written) ?? new Map<string, bigint>(), wanted)) return true;
    if (signal.aborted || isStuck(await readReplica(session, answerWithin), position)) return false;
    if (clock.now() >= deadline) return false;
  }
}

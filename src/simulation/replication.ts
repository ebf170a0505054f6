import type { Millis } from '../domain/instant.js';
import { SECOND } from '../domain/instant.js';
import type { SectionName } from '../domain/names.js';
import { countAll, instantOfCommit, takeUpTo } from './commit-runs.js';
import { faultsInForce, isDown } from './faults-in-force.js';
import { ROUND_TRIP } from './round-trip.js';
import { type Side, type WorldShape, otherSide } from './world-shape.js';
import type { WorldState, WriterLog } from './world-state.js';

/** A replica that was held up executes this many times as fast as the edits came in. */
const CATCH_UP = 20;

/** From a commit until the other datacenter has executed it, undisturbed. */
export function replicationDelay(section: number): Millis {
  return ROUND_TRIP.away + 12 + ((section * 5) % 30);
}

/** Everything committed up to the returned instant is executed on the other side at `at`. Pure. */
export function executedUpTo(log: WriterLog, section: number, at: number): number {
  const { upTo, since, frozen } = log.replication;
  if (frozen) return upTo;
  return Math.min(at - replicationDelay(section), upTo + CATCH_UP * (at - since));
}

/** When everything committed up to `committed` will be executed on the other side; undefined while it is stuck. Pure. */
export function executedWhen(log: WriterLog, section: number, committed: number): number | undefined {
  const { upTo, since, frozen } = log.replication;
  if (committed <= upTo) return since;
  if (frozen) return undefined;
  return Math.max(committed + replicationDelay(section), Math.ceil(since + (committed - upTo) / CATCH_UP));
}

/** Counts as executed what has been by now. Changes the state. */
export function settleReplication(state: WorldState): void {
  state.sections.forEach((section, index) => {
    for (const log of section.written) {
      if (log.pending.length === 0) continue;
      log.executed += takeUpTo(log.pending, executedUpTo(log, index, state.at));
      if (log.stranded > 0) log.stranded = Math.min(log.stranded, countAll(log.pending));
    }
  });
}

/** How many transactions a side has written. Pure. */
export function writtenBy(log: WriterLog): number {
  return log.executed + countAll(log.pending);
}

/** When the other side will have executed the first `count` transactions; undefined while that cannot be said. Pure. */
export function executedCountWhen(log: WriterLog, section: number, count: number): number | undefined {
  if (count <= log.executed) return log.replication.since;
  const committed = instantOfCommit(log.pending, count - log.executed);
  return committed === undefined ? undefined : executedWhen(log, section, committed);
}

/** Freezes and frees replication as statements and faults say. Changes the state. */
export function followReplication(shape: WorldShape, state: WorldState): void {
  state.sections.forEach((section, index) => {
    for (const writer of [0, 1] as const) {
      const log = section.written[writer];
      const frozen = whyNotReplicating(shape, state, index, writer) !== undefined;
      if (frozen === log.replication.frozen) continue;
      log.replication = { upTo: executedUpTo(log, index, state.at), since: state.at, frozen };
    }
  });
}

/** Why what `writer` writes does not reach the other side, as a replica would put it, or undefined. Pure. */
export function whyNotReplicating(
  shape: WorldShape,
  state: WorldState,
  section: number,
  writer: Side,
): string | undefined {
  const reader = otherSide(writer);
  if (state.sections[section]?.stopped?.includes(reader) === true)
    return 'Slave_IO_Running: No, Slave_SQL_Running: No';
  if (state.faults.length === 0) return undefined;
  const name = shape.sections[section] ?? ('' as SectionName);
  if (faultsInForce.replicationStuck(state.faults, name, shape.datacenters[reader]))
    return 'Slave_SQL_Running: No (error 1062, duplicate entry)';
  if (isDown(shape, state.faults, section, writer))
    return `Slave_IO_Running: Connecting (${shape.datacenters[writer]} does not answer)`;
  return isDown(shape, state.faults, section, reader) ? 'the server is down' : undefined;
}

/** The newest heartbeat of the writer that the other side has; they are written at every full second. Pure. */
export function heartbeatSeen(log: WriterLog, section: number, at: number): number {
  return Math.floor(executedUpTo(log, section, at) / SECOND) * SECOND;
}

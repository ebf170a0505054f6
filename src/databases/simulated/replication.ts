import { executedUpTo, whyNotReplicating } from '../../simulation/replication.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import { otherSide } from '../../simulation/world-shape.js';
import {
  type PrimaryName,
  type ReplicationStatus,
  type ReplicationWanted,
  whyNoSource,
} from '../databases.js';
import type { Numbered } from './position.js';

type Status = Extract<ReplicationStatus['status'], { answered: true }>['value'];

/** What SHOW SLAVE STATUS would say: each server is configured for the other one of its section, running or not. */
export function replicationOf(world: SimulatedWorld, { section, side }: Numbered): Status {
  const { shape, clock } = world;
  const from = otherSide(side);
  const state = world.now();
  const log = state.sections[section]?.written[from];
  if (log === undefined) throw new RangeError(`there is no section ${section}`);
  const problem = whyNotReplicating(shape, state, section, from);
  const at = clock.now();
  const lag = at - executedUpTo(log, section, at);
  const status = { from: shape.datacenters[from], running: problem === undefined, lag };
  return problem === undefined ? status : { ...status, problem };
}

/** Why a server cannot be told so, or undefined. */
export function whyNotSet(
  { shape }: SimulatedWorld,
  primary: PrimaryName,
  to: ReplicationWanted,
): string | undefined {
  if (to.kind === 'running' && !shape.datacenters.includes(to.from))
    return `there is no primary of ${primary.section} in ${to.from}`;
  return whyNoSource(primary, to);
}

/** Starts or stops it, unless it was told so before. */
export function setReplication(
  world: SimulatedWorld,
  { section, side }: Numbered,
  to: ReplicationWanted,
): void {
  const isStopped = world.now().sections[section]?.stopped?.includes(side) === true;
  if (isStopped === (to.kind === 'stopped')) return;
  world.record({ kind: 'replication', section, side, replication: to.kind });
}

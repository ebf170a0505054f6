import { SECOND } from '../domain/instant.js';
import { nextConfigChange, refreshAppServers } from './app-servers.js';
import { followDns, nextDnsChange } from './dns-servers.js';
import { jobRunnersBehind } from './job-runners.js';
import { passEdits } from './pass-edits.js';
import { nextPuppetChange, runDuePuppets } from './puppet.js';
import { nextActivityBoundary } from './recent-edits.js';
import { nextRecursorChange, refreshRecursors } from './recursors.js';
import { settleReplication } from './replication.js';
import type { WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/**
 * Lets time pass up to an instant. Between two changes everything goes on evenly and is computed at once, so a week
 * costs little more than a second. How the way is cut into calls makes no difference to where it ends. At one instant,
 * what happens by itself comes before what is done to the world. Deterministic; changes the state, reads nothing else.
 */
export function advance(shape: WorldShape, state: WorldState, to: number): void {
  while (state.at < to) {
    const next = Math.min(to, nextChange(shape, state), nextActivityBoundary(state.at, to));
    passEdits(shape, state, next);
    passJobErrors(shape, state, next);
    state.at = next;
    settleReplication(state);
    followDns(shape, state);
    refreshRecursors(shape, state);
    refreshAppServers(shape, state);
    runDuePuppets(shape, state);
  }
}

function nextChange(shape: WorldShape, state: WorldState): number {
  return Math.min(
    nextDnsChange(shape, state),
    nextRecursorChange(shape, state),
    nextConfigChange(shape, state),
    nextPuppetChange(shape, state),
  );
}

/** Each job runner that still talks to a datacenter that is not pooled any more fails once a second. */
function passJobErrors(shape: WorldShape, state: WorldState, until: number): void {
  const seconds = Math.floor(until / SECOND) - Math.floor(state.at / SECOND);
  if (seconds > 0) state.jobErrors += seconds * jobRunnersBehind(shape, state).length;
}

import { HOUR, type Millis, SECOND } from '../domain/instant.js';
import type { Side } from './world-shape.js';
import type { Warmth, WorldState } from './world-state.js';

/** A datacenter without readers is cold again after this. */
const STAYS_WARM: Millis = 6 * HOUR;
/** A round over caches that are as warm as they get, and what a first round takes longer. */
const WARM_ROUND: Millis = 17 * SECOND;
const COLD_EXTRA: Millis = 25 * SECOND;
/** From here on a round is less than 5 % faster than the one before it. */
const STABLE_ROUNDS = 6;

/** How long the next warm-up round takes: half of what was missing is there after each. Pure. */
export function warmUpLength(state: WorldState, side: Side): Millis {
  return Math.round(WARM_ROUND + COLD_EXTRA / 2 ** roundsNow(state, side));
}

export function isWarm(state: WorldState, side: Side): boolean {
  return roundsNow(state, side) >= STABLE_ROUNDS;
}

/** One more round is over. Changes the state. */
export function warmUp(state: WorldState, side: Side): void {
  state.warmth[side] = { rounds: roundsNow(state, side) + 1, lastAt: state.at };
}

function roundsNow(state: WorldState, side: Side): number {
  const { rounds, lastAt }: Warmth = state.warmth[side];
  const inUse = state.store.primary === side;
  if (!inUse && state.at - lastAt > STAYS_WARM) return 0;
  return inUse ? Math.max(rounds, STABLE_ROUNDS) : rounds;
}

import { type Millis, MINUTE, SECOND } from '../domain/instant.js';
import type { WorldState } from './world-state.js';

/** Saved edits are remembered by slices of this length, on the full five seconds. */
export const ACTIVITY_SLICE: Millis = 5 * SECOND;
const SLICES = MINUTE / ACTIVITY_SLICE;

export function rememberSaved(state: WorldState, committed: number): void {
  const slice = Math.floor(committed / ACTIVITY_SLICE);
  const found = state.recentEdits.find((recent) => recent.slice === slice);
  if (found !== undefined) {
    found.saved += 1;
    return;
  }
  state.recentEdits.push({ slice, saved: 1 });
  const oldest = Math.floor(state.at / ACTIVITY_SLICE) - SLICES;
  while ((state.recentEdits[0]?.slice ?? Infinity) <= oldest) state.recentEdits.shift();
}

/** Edits saved in the last minute, the last slice being the one that is not over yet. Pure. */
export function savedLately(state: WorldState): number {
  const newest = Math.floor(state.at / ACTIVITY_SLICE);
  return state.recentEdits
    .filter(({ slice }) => slice > newest - SLICES)
    .reduce((sum, { saved }) => sum + saved, 0);
}

/**
 * Where a long advance has to pause, so that the last minute before its end is counted slice by slice; what is older
 * can be counted at once. Pure.
 */
export function nextActivityBoundary(from: number, to: number): number {
  const detailedFrom = Math.max(from, to - MINUTE - ACTIVITY_SLICE);
  return (Math.floor(detailedFrom / ACTIVITY_SLICE) + 1) * ACTIVITY_SLICE;
}

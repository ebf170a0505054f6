import { countAll } from './commit-runs.js';
import { type Side, type WorldShape, otherSide } from './world-shape.js';
import type { WorldState } from './world-state.js';
import { writable } from './writable.js';

/**
 * Edits committed on one side. While the other side can be written too, an edit on either overwrites one of the other:
 * each pair of them is one lost edit. Changes the state.
 */
export function countOverlap(
  shape: WorldShape,
  state: WorldState,
  section: number,
  side: Side,
  count: number,
): void {
  const found = state.sections[section];
  if (found === undefined || !writable(shape, state, section, otherSide(side))) return;
  const before = Math.min(...found.overlap);
  found.overlap[side] += count;
  state.lostEdits += Math.min(...found.overlap) - before;
}

/**
 * A primary has become read-write. If the other one is not, the wiki goes on without the edits that had been
 * acknowledged there and have not come over: they are lost, each counted once. Changes the state.
 */
export function countStranded(shape: WorldShape, state: WorldState, section: number, opened: Side): void {
  const found = state.sections[section];
  if (found === undefined) return;
  found.overlap = [0, 0];
  if (writable(shape, state, section, otherSide(opened))) return;
  const log = found.written[otherSide(opened)];
  const behind = countAll(log.pending);
  state.lostEdits += Math.max(0, behind - log.stranded);
  log.stranded = Math.max(log.stranded, behind);
}

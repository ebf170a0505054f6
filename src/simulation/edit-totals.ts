import { countAll } from './commit-runs.js';
import type { EditCounts, WorldState } from './world-state.js';

/** What has become of all edits since the world began. */
export interface EditTotals extends EditCounts {
  /** Acknowledged to an editor, and then not in the wiki. */
  readonly lost: number;
  /** Begun and not yet committed. */
  readonly open: number;
  /** Saved in one datacenter and not executed in the other yet. */
  readonly unreplicated: number;
  readonly jobErrors: number;
}

export function editTotals(state: Readonly<WorldState>): EditTotals {
  const [north, south] = state.edits;
  return {
    attempted: north.attempted + south.attempted,
    saved: north.saved + south.saved,
    refused: north.refused + south.refused,
    databaseErrors: north.databaseErrors + south.databaseErrors,
    unreachable: north.unreachable + south.unreachable,
    lost: state.lostEdits,
    open: state.openEdits.length,
    unreplicated: state.sections.reduce(
      (sum, { written }) => sum + countAll(written[0].pending) + countAll(written[1].pending),
      0,
    ),
    jobErrors: state.jobErrors,
  };
}

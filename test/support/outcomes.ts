import type { RunState } from '../../src/runner/run-state.js';

/** How the tasks of a run came out: what no crash may change. Pure. */
export function outcomes(state: RunState): object {
  return {
    result: state.ended?.result,
    counts: state.ended?.counts,
    phases: Object.keys(state.phases),
    tasks: Object.fromEntries(
      Object.entries(state.tasks)
        .map(([id, task]) => [id, task.end ?? task.leftAsIs ?? 'open'] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

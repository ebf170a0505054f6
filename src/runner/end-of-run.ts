import type { Entry, TaskEnd } from './entry.js';
import type { PreparedRun } from './prepared-run.js';
import { type RunState, taskState } from './run-state.js';

const ends: readonly TaskEnd[] = [
  'observed',
  'confirmed',
  'skipped-in-live-test',
  'skipped-in-emergency',
  'skipped-by-person',
  'shown',
  'would-stop',
  'taken-back',
  'not-run',
];

/**
 * The END entry. PASS only when every task was observed, or was manual and confirmed by a named person, or is passed
 * over by its own declared answer; a task that a person skipped makes it FAIL, and so does what would have stopped a
 * dry run. Pure.
 */
export function endOf(
  state: RunState,
  wanted: 'PASS' | 'ABORTED',
  because: string,
  run?: PreparedRun,
): Entry & { kind: 'run-ended' } {
  const counts = Object.fromEntries(ends.map((end) => [end, 0])) as Record<TaskEnd, number>;
  for (const phase of run?.phases ?? [])
    for (const task of phase.tasks) counts[taskState(state, task.id).end ?? 'not-run'] += 1;
  if (wanted === 'ABORTED') return { kind: 'run-ended', result: 'ABORTED', because, counts };
  if (counts['skipped-by-person'] > 0)
    return { kind: 'run-ended', result: 'FAIL', because: incomplete(state), counts };
  if (counts['would-stop'] > 0)
    return {
      kind: 'run-ended',
      result: 'FAIL',
      because: 'a real run would have been stopped; see the findings',
      counts,
    };
  if (counts['not-run'] > 0 || counts['taken-back'] > 0)
    return { kind: 'run-ended', result: 'FAIL', because: 'some tasks were not run', counts };
  return { kind: 'run-ended', result: 'PASS', because, counts };
}

function incomplete(state: RunState): string {
  const skipped = Object.entries(state.tasks).flatMap(([id, task]) =>
    task.skipped === undefined ? [] : [`${id} by ${task.skipped.by} (${task.skipped.reason})`],
  );
  return `incomplete: skipped ${skipped.join(', ')}`;
}

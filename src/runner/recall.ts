import type { TaskId } from '../runbook/task.js';
import type { Recalled } from '../runbook/world.js';
import { type RunState, taskState } from './run-state.js';

/** What a task of this run recorded, from the journal. Pure. */
export function recallFrom(state: RunState | undefined, task: TaskId): Recalled | undefined {
  if (state === undefined) return undefined;
  const { forward } = taskState(state, task);
  if (forward.before === undefined) return undefined;
  const done = forward.doneKnown ? forward.done.at(-1) : undefined;
  return done === undefined ? { before: forward.before } : { before: forward.before, done };
}

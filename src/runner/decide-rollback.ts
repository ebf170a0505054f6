import type { Instant } from '../domain/instant.js';
import { findTask } from '../runbook/resolve.js';
import type { TaskId } from '../runbook/task.js';
import { decideStep } from './decide-task.js';
import { endOf } from './end-of-run.js';
import type { Intent } from './intent.js';
import type { PreparedRun } from './prepared-run.js';
import { type RunState, freshProgress, taskState } from './run-state.js';

/**
 * The way back: strictly in reverse order of the journaled applies, one task after the other, each checked and
 * verified. Begins when no step is running any more.
 */
export function decideRollback(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  if (state.rollback === undefined) {
    if (Object.values(state.tasks).some((task) => task.forward.running !== undefined)) return [];
    return [
      { kind: 'append', entry: { kind: 'rollback-started', tasks: [...state.appliedOrder].reverse() } },
    ];
  }
  for (const id of state.rollback) {
    const intents = takeBack(run, state, id, now);
    if (intents !== undefined) return intents;
  }
  const because = `aborted by ${state.abort?.by ?? 'nobody'}: ${state.abort?.reason ?? ''}`;
  return [{ kind: 'append', entry: endOf(state, 'ABORTED', because, run) }];
}

/** What is still to be done to take one task back; undefined when nothing is. */
function takeBack(run: PreparedRun, state: RunState, id: TaskId, now: Instant): Intent[] | undefined {
  const own = taskState(state, id);
  if (own.leftAsIs !== undefined || own.backConfirmed !== undefined || own.back?.stage === 'proven')
    return undefined;
  const task = findTask(run.phases, id);
  if (task === undefined || task.does === 'pass-over') return undefined;
  const undo = task.does === 'act' ? task.rollback : task.manual.rollback;
  if ('needless' in undo) return passedOver(id, undo.needless, true);
  if ('impossible' in undo) return passedOver(id, undo.impossible, false);
  if (task.does === 'ask') {
    if (own.asked?.direction === 'back') return [];
    const what = 'ask' in undo ? undo.ask : task.title;
    return [
      {
        kind: 'append',
        entry: { kind: 'task-asked', task: id, direction: 'back', of: task.manual.assignedTo, what },
      },
    ];
  }
  return 'ask' in undo ? undefined : decideStep(id, undo, own.back ?? freshProgress, 'back', now);
}

function passedOver(task: TaskId, because: string, possible: boolean): Intent[] {
  return [{ kind: 'append', entry: { kind: 'undo-passed-over', task, because, possible } }];
}

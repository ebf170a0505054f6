import type { Instant } from '../domain/instant.js';
import { type ResolvedTask, findTask } from '../runbook/resolve.js';
import type { TaskId } from '../runbook/task.js';
import { decideStep } from './decide-task.js';
import { endOf } from './end-of-run.js';
import type { Intent } from './intent.js';
import type { PreparedRun } from './prepared-run.js';
import { type RunState, freshProgress, taskState } from './run-state.js';

/**
 * The way back: strictly in reverse order of the journaled applies, one task after the other, each checked and
 * verified; what is owed without an apply comes in between, where its phase is. Begins when no step is running any more.
 */
export function decideRollback(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  if (state.rollback === undefined) {
    if (Object.values(state.tasks).some((task) => task.forward.running !== undefined)) return [];
    return [{ kind: 'append', entry: { kind: 'rollback-started', tasks: orderBack(run, state) } }];
  }
  for (const id of state.rollback) {
    const intents = takeBack(run, state, id, now);
    if (intents !== undefined) return intents;
  }
  const because = `aborted by ${state.abort?.by ?? 'nobody'}: ${state.abort?.reason ?? ''}`;
  return [{ kind: 'append', entry: endOf(state, 'ABORTED', because, run) }];
}

/**
 * Applies and confirmations, newest first; and what is owed because it was reached, once all of later phases is taken
 * back, as if it had been the last of its own phase.
 */
function orderBack({ phases }: PreparedRun, state: RunState): TaskId[] {
  const phaseOf = (id: TaskId): number =>
    phases.findIndex(({ tasks }) => tasks.some((task) => task.id === id));
  const reached = phases.filter(({ id }) => state.phases[id] !== undefined).flatMap(({ tasks }) => tasks);
  const newestFirst = [...state.appliedOrder].reverse();
  return reached
    .filter((task) => isOwedOnceReached(task) && !newestFirst.includes(task.id))
    .reduce((order, { id }) => {
      const later = order.findLastIndex((other) => phaseOf(other) > phaseOf(id));
      return order.toSpliced(later + 1, 0, id);
    }, newestFirst);
}

const isOwedOnceReached = (task: ResolvedTask): boolean =>
  task.does === 'act' && 'owedOnce' in task.rollback && task.rollback.owedOnce === 'reached';

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

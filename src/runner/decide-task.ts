import { type Instant, formatLength } from '../domain/instant.js';
import { canonical } from '../domain/json.js';
import type { ResolvedPhase, ResolvedTask } from '../runbook/resolve.js';
import { findTask } from '../runbook/resolve.js';
import type { Step } from '../runbook/task.js';
import type { Direction, StepName } from './entry.js';
import type { Intent } from './intent.js';
import type { PreparedRun } from './prepared-run.js';
import { type RunState, type StepProgress, taskState } from './run-state.js';

/** What may be done now for one task of the phase that is running (or of an earlier one whose proof is due here). */
export function decideTask(
  run: PreparedRun,
  phase: ResolvedPhase,
  task: ResolvedTask,
  state: RunState,
  now: Instant,
): Intent[] {
  const own = taskState(state, task.id);
  if (own.end !== undefined) return [];
  if (!afterIsSatisfied(run, task, state)) return [];
  switch (task.does) {
    case 'pass-over':
      return [{ kind: 'append', entry: { kind: 'task-passed-over', task: task.id, because: task.because } }];
    case 'ask': {
      const { manual } = task;
      if (own.asked === undefined)
        return [
          {
            kind: 'append',
            entry: {
              kind: 'task-asked',
              task: task.id,
              direction: 'forward',
              of: manual.assignedTo,
              what: manual.title,
            },
          },
        ];
      if (own.confirmed === undefined || manual.verify === undefined) return [];
      return decideStep(task.id, verifyOnly, own.forward, 'forward', now);
    }
    case 'act': {
      if (
        own.forward.stage === 'applied' &&
        !wantsMore(task.step, own.forward) &&
        !proofIsDue(run, phase, task, state)
      )
        return [];
      return decideStep(task.id, task.step, own.forward, 'forward', now);
    }
  }
}

/**
 * Nothing is left of this task to wait for in this phase (its own, or one on the way to that of its proof): it has
 * ended, or it is applied and its proof is due later.
 */
export function taskIsThrough(phase: ResolvedPhase, task: ResolvedTask, state: RunState): boolean {
  const own = taskState(state, task.id);
  if (own.end !== undefined) return true;
  return task.does === 'act' && task.provenBy !== phase.id && isApplied(task.step, own.forward);
}

/** The next step of one walk through check, apply and verify, in either direction. */
export function decideStep(
  task: string,
  step: Pick<Step, 'patience' | 'again' | 'more'>,
  progress: StepProgress,
  direction: Direction,
  now: Instant,
): Intent[] {
  if (progress.running !== undefined) return [];
  const stuck = (because: string): Intent[] => [
    { kind: 'append', entry: { kind: 'task-stuck', task, direction, because } },
  ];
  const start = (name: StepName, round = progress.round): Intent[] => [
    {
      kind: 'step',
      task,
      step: name,
      direction,
      round,
      attempt: round > progress.round ? 1 : progress.attempts[name] + 1,
    },
  ];
  switch (progress.stage) {
    case 'failed':
    case 'proven':
      return [];
    case 'ready':
      if (progress.applyUnknown && step.again === 'ask')
        return stuck(
          'it is not known whether it was done, and doing it twice may harm; look, then `retry`, `skip` or `abort`',
        );
      if (progress.applyUnknown && step.again === 'after-check' && !listsAllOfIt(progress))
        return stuck('it was done in part before the process ended; look, then `retry` to do the rest');
      return start('apply');
    case 'applied':
      if (wantsMore(step, progress)) return start('check', progress.round + 1);
      return afterLook(step, progress, now, stuck, () => start('verify'));
    case 'pending':
      return afterLook(step, progress, now, stuck, () => start('check'));
  }
}

/** Looks again when it is time to, and gives up when patience has ended: a known `until` does not count against it. */
function afterLook(
  step: Pick<Step, 'patience'>,
  progress: StepProgress,
  now: Instant,
  stuck: (because: string) => Intent[],
  start: () => Intent[],
): Intent[] {
  const { lastLook, waitingSince } = progress;
  if (lastLook === undefined || waitingSince === undefined) return start();
  const until = lastLook.finding?.until;
  const next =
    until !== undefined && until > lastLook.at ? until : ((lastLook.at + step.patience.every) as Instant);
  if (now < next) return [{ kind: 'wait', until: next }];
  const since = Math.max(waitingSince, progress.waitedUntil ?? 0);
  if (now - since > step.patience.upTo && lastLook.at - since > step.patience.upTo)
    return stuck(
      `still not so after ${formatLength(step.patience.upTo)}${lastLook.problem === undefined ? '' : `: ${lastLook.problem}`}`,
    );
  return start();
}

export function wantsMore(step: Pick<Step, 'more'>, progress: StepProgress): boolean {
  if (
    progress.stage !== 'applied' ||
    step.more === undefined ||
    progress.done.length === 0 ||
    !progress.doneKnown
  )
    return false;
  // Nothing was listed in the newest check: there is nothing to do another round of.
  return progress.changes.length > 0 && step.more(progress.done);
}

function isApplied(step: Step, progress: StepProgress): boolean {
  return progress.stage === 'proven' || (progress.stage === 'applied' && !wantsMore(step, progress));
}

function afterIsSatisfied(run: PreparedRun, task: ResolvedTask, state: RunState): boolean {
  return task.after.every((before) => {
    const other = findTask(run.phases, before.task);
    // A task that was left out of the run (`--only`) is not waited for.
    if (other === undefined) return true;
    const own = taskState(state, other.id);
    if (own.end !== undefined) return true;
    if (before.once === 'verified') return false;
    return other.does === 'act' ? isApplied(other.step, own.forward) : own.confirmed !== undefined;
  });
}

/**
 * The proof of a task is looked for at once in its own phase. One that may be proven later shares the wait at the end
 * of that later phase: it begins when everything there has been applied. A task that comes after it `once: 'verified'`
 * brings it forward.
 */
function proofIsDue(
  run: PreparedRun,
  phase: ResolvedPhase,
  task: ResolvedTask & { does: 'act' },
  state: RunState,
): boolean {
  if (task.provenBy === task.phase) return true;
  const isAwaited = phase.tasks.some((other) =>
    other.after.some((before) => before.task === task.id && before.once === 'verified'),
  );
  if (isAwaited) return true;
  if (task.provenBy !== phase.id) return false;
  return phase.tasks.every((other) => {
    const own = taskState(state, other.id);
    return own.end !== undefined || (other.does === 'act' && isApplied(other.step, own.forward));
  });
}

function listsAllOfIt(progress: StepProgress): boolean {
  const objects = (changes: StepProgress['changes']): string =>
    canonical(changes.map(({ object, from, to }) => ({ object, from, to })));
  return objects(progress.changes) === objects(progress.firstChanges ?? []);
}

/** What a manual task's observation is given: a minute of looking, every second. */
const verifyOnly: Pick<Step, 'patience' | 'again'> = {
  patience: { every: 1_000, upTo: 60_000 },
  again: 'safe',
};

import { assertNever } from '../domain/assert-never.js';
import type { Instant } from '../domain/instant.js';
import type { Finding } from '../runbook/finding.js';
import type { TaskId } from '../runbook/task.js';
import type { Direction, Entry, Outcome } from './entry.js';
import {
  type RunState,
  type StepProgress,
  type TaskState,
  freshProgress,
  taskState,
  withTask,
} from './run-state.js';

type Of<K extends Entry['kind']> = Entry & { kind: K };

export function evolveStepStarted(state: RunState, entry: Of<'step-started'>, at: Instant): RunState {
  const next = withProgress(state, entry.task, entry.direction, (progress) => {
    const furtherRound = entry.round > progress.round;
    const { waitingSince, ...rest } = progress;
    const begun: StepProgress = furtherRound
      ? { ...rest, stage: 'pending', attempts: freshProgress.attempts }
      : progress;
    const waiting = furtherRound ? undefined : waitingSince;
    return {
      ...begun,
      ...(waiting === undefined ? {} : { waitingSince: waiting }),
      round: entry.round,
      attempts: { ...begun.attempts, [entry.step]: entry.attempt },
      running: { step: entry.step, round: entry.round, attempt: entry.attempt, since: at },
      ...(entry.step === 'apply' ? { applyStarted: progress.applyStarted ?? at } : {}),
    };
  });
  const started = withTask(next, entry.task, (task) => ({ ...task, startedAt: task.startedAt ?? at }));
  if (entry.step !== 'apply' || entry.direction === 'back') return started;
  return {
    ...started,
    appliedOrder: [...started.appliedOrder.filter((id) => id !== entry.task), entry.task],
  };
}

export function evolveStepEnded(state: RunState, entry: Of<'step-ended'>, at: Instant): RunState {
  const next = withProgress(state, entry.task, entry.direction, (progress) => {
    const since = progress.running?.since ?? at;
    const { running: _, ...rest } = progress;
    return ended(rest, entry.outcome, entry.step, since, at);
  });
  const wouldStop = 'wouldStop' in entry.outcome && entry.outcome.wouldStop === true;
  return withTask(next, entry.task, (task) =>
    concluded({ ...task, wouldStop: task.wouldStop || wouldStop }, entry, at),
  );
}

/** The task waits for a person. */
export function failStep(state: RunState, id: TaskId, direction: Direction, because: string): RunState {
  return withProgress(state, id, direction, (progress) => ({
    ...progress,
    stage: 'failed',
    problem: because,
  }));
}

/** A person has it tried again, from its check; what was recorded first stays the rollback picture. */
export function retryStep(state: RunState, id: TaskId): RunState {
  const direction: Direction = state.rollback !== undefined ? 'back' : 'forward';
  const isConfirmed = taskState(state, id).confirmed !== undefined;
  return withProgress(state, id, direction, (progress) => {
    if (progress.stage !== 'failed') return progress;
    const { waitingSince: _w, lastLook: _l, applyFailingSince: _f, problem: _p, ...rest } = progress;
    // What a person has done is not done again: only its proof is looked for.
    const stage = direction === 'forward' && isConfirmed ? 'applied' : 'pending';
    return { ...rest, stage, applyUnknown: false, attempts: freshProgress.attempts, evidence: [] };
  });
}

function ended(
  progress: StepProgress,
  outcome: Outcome,
  step: 'check' | 'apply' | 'verify',
  since: Instant,
  at: Instant,
): StepProgress {
  switch (outcome.kind) {
    case 'checked':
      return checked(progress, outcome, since, at);
    case 'done': {
      const { waitingSince: _w, lastLook: _l, applyFailingSince: _f, ...rest } = progress;
      return {
        ...rest,
        stage: 'applied',
        done: [...progress.done, outcome.done],
        doneKnown: true,
        applyUnknown: false,
        appliedAt: { earliest: since, latest: at },
      };
    }
    case 'laid':
      return {
        ...progress,
        stage: 'applied',
        doneKnown: false,
        applyUnknown: false,
        appliedAt: { earliest: since, latest: at },
      };
    case 'found':
      return found(progress, outcome.finding, since, at);
    case 'failed': {
      if (outcome.retry === 'never') return { ...progress, stage: 'failed', problem: outcome.because };
      const lastLook = { at, problem: outcome.because };
      if (step !== 'apply') return { ...progress, waitingSince: progress.waitingSince ?? since, lastLook };
      // An apply that certainly had no effect begins again with its check, which may go well each time: the patience
      // counts from the first such apply all the same.
      const applyFailingSince = progress.applyFailingSince ?? since;
      return { ...progress, stage: 'pending', applyFailingSince, waitingSince: applyFailingSince, lastLook };
    }
    case 'unknown':
      if (step !== 'apply') return progress;
      return {
        ...progress,
        stage: 'pending',
        applyUnknown: true,
        doneKnown: false,
        appliedAt: { earliest: progress.appliedAt?.earliest ?? since, latest: at },
      };
    default:
      return assertNever(outcome, 'outcome');
  }
}

function checked(
  progress: StepProgress,
  outcome: Outcome & { kind: 'checked' },
  since: Instant,
  at: Instant,
): StepProgress {
  const { finding, before, changes } = outcome;
  const recorded: StepProgress = {
    ...progress,
    // Until something has been written, there is nothing that an earlier look would be the picture of.
    before: progress.applyStarted === undefined ? before : (progress.before ?? before),
    newestBefore: before,
    changes,
    firstChanges: progress.attempts.apply === 0 ? changes : (progress.firstChanges ?? changes),
    evidence: finding.evidence,
  };
  switch (finding.kind) {
    case 'blocked':
      return { ...recorded, stage: 'failed', problem: 'the check says no' };
    case 'not-yet':
      return notYetSo(recorded, finding, since, at);
    case 'holds':
    case 'assumed': {
      const { waitingSince: _w, lastLook: _l, ...settled } = recorded;
      if (changes.length > 0) return { ...settled, stage: 'ready' };
      // Already as wanted: either it was so before, or an apply whose answer was lost did happen, until now at the latest.
      const appliedAt = progress.applyUnknown
        ? { earliest: progress.appliedAt?.earliest ?? since, latest: at }
        : (progress.appliedAt ?? { earliest: at, latest: at });
      return { ...settled, stage: 'applied', applyUnknown: false, appliedAt };
    }
    default:
      return assertNever(finding.kind, 'finding');
  }
}

function found(progress: StepProgress, finding: Finding, since: Instant, at: Instant): StepProgress {
  const seen: StepProgress = { ...progress, evidence: finding.evidence };
  switch (finding.kind) {
    case 'blocked':
      return { ...seen, stage: 'failed', problem: 'what was to be seen is not so' };
    case 'not-yet':
      return notYetSo(seen, finding, since, at);
    case 'holds':
    case 'assumed': {
      const { waitingSince: _w, lastLook: _l, ...settled } = seen;
      return { ...settled, stage: 'proven' };
    }
    default:
      return assertNever(finding.kind, 'finding');
  }
}

function notYetSo(progress: StepProgress, finding: Finding, since: Instant, at: Instant): StepProgress {
  const waitedUntil = finding.until ?? progress.waitedUntil;
  return {
    ...progress,
    waitingSince: progress.waitingSince ?? since,
    ...(waitedUntil === undefined ? {} : { waitedUntil }),
    lastLook: { at, finding },
  };
}

/**
 * After a pause of any length a check is no longer news: what was about to be applied is checked once more. Pure.
 */
export function checkAgain(state: RunState): RunState {
  const stale = (progress: StepProgress): StepProgress =>
    progress.stage === 'ready' && progress.running === undefined
      ? { ...progress, stage: 'pending' }
      : progress;
  const tasks = Object.entries(state.tasks).map(([id, task]): [TaskId, TaskState] => [
    id,
    { ...task, forward: stale(task.forward), ...(task.back === undefined ? {} : { back: stale(task.back) }) },
  ]);
  return { ...state, tasks: Object.fromEntries(tasks) };
}

function concluded(task: TaskState, entry: Of<'step-ended'>, at: Instant): TaskState {
  if (entry.direction === 'back')
    return task.back?.stage === 'proven' ? { ...task, end: 'taken-back', endedAt: at } : task;
  if (task.forward.stage !== 'proven' || task.end !== undefined) return task;
  if (task.wouldStop) return { ...task, end: 'would-stop', endedAt: at };
  if (task.confirmed !== undefined) return { ...task, end: 'confirmed', endedAt: at };
  const assumed = entry.outcome.kind === 'found' && entry.outcome.finding.kind === 'assumed';
  return { ...task, end: assumed ? 'shown' : 'observed', endedAt: at };
}

function withProgress(
  state: RunState,
  id: TaskId,
  direction: Direction,
  change: (progress: StepProgress) => StepProgress,
): RunState {
  return withTask(state, id, (task) =>
    direction === 'forward'
      ? { ...task, forward: change(task.forward) }
      : { ...task, back: change(task.back ?? freshProgress) },
  );
}

import type { Clock } from '../domain/clock.js';
import { sleep } from '../domain/clock.js';
import { formatLength, instant } from '../domain/instant.js';
import type { ResolvedTask } from '../runbook/resolve.js';
import { findTask } from '../runbook/resolve.js';
import type { Facts, Step } from '../runbook/task.js';
import type { Json } from '../domain/json.js';
import type { Entry, Outcome } from './entry.js';
import type { Intent } from './intent.js';
import type { Performer, StepAt } from './performer.js';
import type { RunFile } from './run-file.js';
import { type StepProgress, freshProgress, taskState } from './run-state.js';

type StepIntent = Intent & { kind: 'step' };

/** No call is waited for longer than this, whatever an adapter does; commands have shorter timeouts of their own. */
const DEADLINES = { check: 60_000, apply: 30 * 60_000, verify: 60_000 } as const;

/** Whether the entry is on disk after all is asked again this often; meanwhile the outcome is kept. */
const INSIST_EVERY = 1_000;

/** Carries out a step that has been journaled as started, and journals how it ended: whatever happens, in that order. */
export async function runStep(
  file: RunFile,
  intent: StepIntent,
  performer: Performer,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const started = clock.now();
  const outcome = await withDeadline(intent, clock, signal, (until) =>
    perform(file, intent, performer, until),
  );
  const { task, step, direction, round, attempt } = intent;
  const entry: Entry = {
    kind: 'step-ended',
    task,
    step,
    direction,
    round,
    attempt,
    outcome,
    took: clock.now() - started,
  };
  // An effect whose outcome cannot be written down is not forgotten because the disk is full for a while.
  while (!signal.aborted) {
    try {
      await file.append(entry);
      return;
    } catch {
      await sleep(clock, INSIST_EVERY, signal).catch(() => undefined);
    }
  }
}

/** Made once: the reason that an abort makes for itself costs a stack trace, at every step. */
const ANSWERED = new Error('the answer came first');

const NOT_WAITED_FOR: Outcome = { kind: 'unknown', because: 'this process is closing' };

async function withDeadline(
  intent: StepIntent,
  clock: Clock,
  signal: AbortSignal,
  body: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const length = DEADLINES[intent.step];
  const over = new AbortController();
  const done = new AbortController();
  const late = sleep(clock, length, AbortSignal.any([done.signal, signal])).then(
    (): Outcome => {
      over.abort(new Error('deadline'));
      const because = `no answer within ${formatLength(length)}`;
      return intent.step === 'apply'
        ? { kind: 'unknown', because }
        : { kind: 'failed', because, retry: 'safe' };
    },
    // Called off: the answer came first, or this process is closing and the outcome stays unknown in the journal.
    () => (signal.aborted ? NOT_WAITED_FOR : new Promise<Outcome>(() => undefined)),
  );
  try {
    return await Promise.race([body(AbortSignal.any([over.signal, signal])), late]);
  } finally {
    done.abort(ANSWERED);
  }
}

async function perform(
  file: RunFile,
  intent: StepIntent,
  performer: Performer,
  signal: AbortSignal,
): Promise<Outcome> {
  const { state, prepared } = file;
  const task = findTask(prepared.phases, intent.task);
  if (task === undefined || task.does === 'pass-over')
    return { kind: 'failed', because: `${intent.task} has no steps`, retry: 'never' };
  const own = taskState(state, task.id);
  const progress = (intent.direction === 'forward' ? own.forward : own.back) ?? freshProgress;
  const at: StepAt = { task: task.id, phase: task.phase, direction: intent.direction, state, signal };
  const step = stepOf(task, intent.direction);
  if (step === undefined) {
    const manual = task.does === 'ask' ? task.manual : undefined;
    if (manual?.verify === undefined)
      return { kind: 'failed', because: `${task.id} has no such step`, retry: 'never' };
    return performer.verify(
      (see) => manual.verify?.(see) ?? Promise.reject(new Error('no verify')),
      at,
      factsOf(progress),
    );
  }
  switch (intent.step) {
    case 'check':
      return performer.check(step, at);
    case 'apply':
      return performer.apply(step, at, progress.newestBefore ?? null, progress.changes);
    case 'verify':
      return performer.verify((see, facts) => step.verify(see, facts), at, factsOf(progress));
  }
}

function stepOf(task: ResolvedTask, direction: 'forward' | 'back'): Step | undefined {
  if (task.does !== 'act') return undefined;
  if (direction === 'forward') return task.step;
  return 'check' in task.rollback ? task.rollback : undefined;
}

function factsOf(progress: StepProgress): Facts<Json, Json> {
  const { lastLook } = progress;
  const since = lastLook?.finding?.heldSince;
  return {
    before: progress.before ?? null,
    done: progress.doneKnown ? progress.done.at(-1) : undefined,
    appliedAt: progress.appliedAt ?? { earliest: instant(0), latest: instant(0) },
    ...(lastLook === undefined || since === undefined ? {} : { held: { since, seenAt: lastLook.at } }),
  };
}

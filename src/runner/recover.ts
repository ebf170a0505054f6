import type { Clock } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import { MINUTE, type Millis, formatLength } from '../domain/instant.js';
import { differences } from '../runbook/plan.js';
import type { Readers } from '../runbook/world.js';
import type { Direction, Entry, StepName } from './entry.js';
import { makePlan } from './make-plan.js';
import type { PreparedRun } from './prepared-run.js';
import type { RunFile } from './run-file.js';
import { type RunState, type StepProgress, taskState } from './run-state.js';

/** Past this, somebody has probably begun to repair things by hand. */
const LONGEST_GAP: Millis = 5 * MINUTE;
/** A run that keeps dying is not to be started again for ever. */
const MOST_RECOVERIES = 3;

/**
 * Takes up a run that an earlier process left: what was in flight is `unknown`, the locks have to be had back, and in
 * the read-only window it goes on by itself only while that is safe; otherwise it raises an alarm and waits.
 */
export async function recoverRun(file: RunFile, readers: Readers, clock: Clock): Promise<void> {
  const { state, prepared } = file;
  if (state.stage !== 'running') return;
  const gap = clock.now() - state.updatedAt;
  const verdict = await mayGoOn(file, readers, gap);
  const because = verdict.evidence.join('; ');
  // First of all: should this process die as well, the next one would find a short gap and go on.
  if (!verdict.agrees && state.hold === undefined)
    await file.append({
      kind: 'run-held',
      because: `after a restart: ${because}; \`resume\` goes on, \`abort\` rolls back`,
    });
  for (const entry of unknownSteps(state)) await file.append(entry);
  const { agrees, evidence } = verdict;
  await file.append({ kind: 'recovered', urgent: isUrgent(prepared, state), gap, agrees, evidence });
  if (prepared.locks.length > 0 && state.leaseLost === undefined)
    await file.append({
      kind: 'lease-lost',
      lock: prepared.locks[0] ?? '',
      because: 'the process that held the locks has ended',
    });
  if (agrees || state.hold !== undefined) return;
  await file.append({
    kind: 'alarm',
    about: `recovery-${file.state.recoveries}`,
    text: `the run waits after a restart: ${because}`,
  });
}

/** Steps that were started and never ended, in either direction. Pure. */
export function unknownSteps(state: RunState): Entry[] {
  return Object.entries(state.tasks).flatMap(([task, own]) => [
    ...unknownStep(task, 'forward', own.forward),
    ...(own.back === undefined ? [] : unknownStep(task, 'back', own.back)),
  ]);
}

function unknownStep(task: string, direction: Direction, progress: StepProgress): Entry[] {
  if (progress.running === undefined) return [];
  const { step, round, attempt } = progress.running as { step: StepName; round: number; attempt: number };
  const outcome = {
    kind: 'unknown',
    because: 'the process ended before the answer was written down',
  } as const;
  return [{ kind: 'step-ended', task, step, direction, round, attempt, outcome, took: 0 }];
}

/** Whether the run is inside its read-only window: an urgent phase has begun and the urgent ones are not all through. Pure. */
export function isUrgent(run: PreparedRun, state: RunState): boolean {
  const urgent = run.phases.filter((phase) => phase.urgent);
  const begun = urgent.some((phase) => state.phases[phase.id] !== undefined);
  return (
    begun &&
    (state.rollback !== undefined || urgent.some((phase) => state.phases[phase.id]?.endedAt === undefined))
  );
}

async function mayGoOn(
  file: RunFile,
  readers: Readers,
  gap: Millis,
): Promise<{ agrees: boolean; evidence: string[] }> {
  const { state, prepared } = file;
  if (!isUrgent(prepared, state)) return { agrees: true, evidence: [] };
  const evidence: string[] = [];
  if (gap > LONGEST_GAP)
    evidence.push(`nothing was written for ${formatLength(gap)}, more than ${formatLength(LONGEST_GAP)}`);
  if (state.recoveries >= MOST_RECOVERIES)
    evidence.push(`it has been taken up ${state.recoveries} times already`);
  if (state.rollback === undefined && state.abort === undefined)
    evidence.push(...(await disagreements(file, readers)));
  return { agrees: evidence.length === 0, evidence };
}

/**
 * What remains must still be going to do what people were shown: the phases that have not begun, and of the one that has,
 * the tasks of which nothing has been applied. What was in flight is judged by its own check.
 */
async function disagreements(file: RunFile, readers: Readers): Promise<string[]> {
  const { state, prepared } = file;
  try {
    const plan = await makePlan(prepared, readers, state);
    const later = plan.phases.map((phase) => ({
      ...phase,
      // What is left of a phase has no digest that anybody was shown: its tasks are compared one by one.
      ...(state.phases[phase.id] === undefined ? {} : { digest: '' }),
      tasks: phase.tasks.filter((task) => taskState(state, task.id).forward.applyStarted === undefined),
    }));
    const different = differences(Object.values(state.planned), later).map(
      ({ object, was, is }) =>
        `${object} was planned as ${JSON.stringify(was)} and is now ${JSON.stringify(is)}`,
    );
    const blocked = later.flatMap((phase) =>
      phase.tasks
        .filter((task) => task.finding.kind === 'blocked')
        .map((task) => `${task.id} would be stopped by its check`),
    );
    return [...different, ...blocked];
  } catch (error) {
    return [`the world cannot be looked at: ${explainError(error)}`];
  }
}

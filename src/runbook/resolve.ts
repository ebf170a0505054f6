import type { Instant, Millis } from '../domain/instant.js';
import type { ApprovalPolicy } from './approval-policy.js';
import type { Mode } from './mode.js';
import type { Phase } from './runbook.js';
import {
  type After,
  type Explanation,
  type ManualTask,
  type PhaseId,
  type Step,
  type Task,
  type TaskId,
  type Undo,
  isManual,
} from './task.js';

interface ResolvedBase {
  readonly id: TaskId;
  readonly title: string;
  readonly phase: PhaseId;
  readonly after: readonly After[];
  readonly explain: Explanation;
}

/** A task with its mode's answer already given: nobody asks for the mode after this. */
export type ResolvedTask = ResolvedBase &
  (
    | { readonly does: 'act'; readonly step: Step; readonly rollback: Undo; readonly provenBy: PhaseId }
    | { readonly does: 'ask'; readonly manual: ManualTask }
    | { readonly does: 'pass-over'; readonly because: 'live-test' | 'emergency' | 'dry-run' }
  );

export interface ResolvedPhase {
  readonly id: PhaseId;
  readonly title: string;
  readonly gate?: ApprovalPolicy;
  readonly notBefore?: Instant;
  readonly urgent: boolean;
  readonly tasks: readonly ResolvedTask[];
}

/** How long each task usually takes: the 75th percentile of its history. */
export type Usually = Readonly<Record<TaskId, Millis>>;

/**
 * Gives every task the answer of its mode. A dry run has no gates, waits for nobody and for no time of day, and shows
 * manual tasks; the rest of it differs only in what performs the steps. Pure.
 */
export function resolvePhases(
  phases: readonly Phase[],
  mode: Mode,
  urgency: 'planned' | 'emergency',
): ResolvedPhase[] {
  const phaseIds = phases.map(({ id }) => id);
  return phases.map((phase) => {
    const tasks = phase.tasks.map((task) => {
      const resolved = resolveTask(task, phase.id, mode, urgency);
      // A run of chosen tasks alone may lack the later phase: then the proof is due where the task is.
      if (resolved.does !== 'act' || phaseIds.includes(resolved.provenBy)) return resolved;
      return { ...resolved, provenBy: phase.id };
    });
    const { id, title, urgent } = phase;
    if (mode === 'dry-run') return { id, title, urgent, tasks };
    return {
      id,
      title,
      urgent,
      tasks,
      ...(phase.gate === undefined ? {} : { gate: phase.gate }),
      ...(phase.notBefore === undefined ? {} : { notBefore: phase.notBefore }),
    };
  });
}

function resolveTask(
  task: Task | ManualTask,
  phase: PhaseId,
  mode: Mode,
  urgency: 'planned' | 'emergency',
): ResolvedTask {
  const base: ResolvedBase = {
    id: task.id,
    title: task.title,
    phase,
    after: task.after ?? [],
    explain: task.explain,
  };
  if (mode === 'live-test' && task.inLiveTest === 'skip')
    return { ...base, does: 'pass-over', because: 'live-test' };
  if (urgency === 'emergency' && task.inEmergency === 'skip')
    return { ...base, does: 'pass-over', because: 'emergency' };
  if (isManual(task))
    return mode === 'dry-run'
      ? { ...base, does: 'pass-over', because: 'dry-run' }
      : { ...base, does: 'ask', manual: task };
  const provenBy = task.provenBy ?? phase;
  if (mode === 'live-test' && typeof task.inLiveTest === 'object')
    return {
      ...base,
      explain: task.inLiveTest.explain,
      does: 'act',
      step: task.inLiveTest,
      rollback: task.inLiveTest.rollback,
      provenBy,
    };
  return {
    ...base,
    does: 'act',
    step: mode === 'dry-run' ? onceOnly(task) : task,
    rollback: task.rollback,
    provenBy,
  };
}

/**
 * A dry run looks once: no further rounds (nothing was done that could be measured) and no waiting. Nothing that it does
 * has an effect, so nobody is asked to judge one that is not known.
 */
function onceOnly(task: Task): Step {
  return {
    explain: task.explain,
    patience: { every: 0, upTo: 0 },
    again: 'safe',
    check: (see) => task.check(see),
    apply: (act, before) => task.apply(act, before),
    verify: (see, facts) => task.verify(see, facts),
  };
}

export function findTask(phases: readonly ResolvedPhase[], id: TaskId): ResolvedTask | undefined {
  for (const phase of phases) for (const task of phase.tasks) if (task.id === id) return task;
  return undefined;
}

import { Overlay, overlayReaders } from '../runbook/overlay.js';
import { type Plan, type PlannedPhase, type PlannedTask, phaseDigest, planDigest } from '../runbook/plan.js';
import type { ResolvedTask } from '../runbook/resolve.js';
import type { Readers } from '../runbook/world.js';
import type { PreparedRun } from './prepared-run.js';
import { type RunState, taskState } from './run-state.js';

/**
 * What a run would change, from the world as it is now: the tasks are walked in order, each over what the earlier ones
 * would have changed. Reads; throws what the readers throw, for a plan that guesses is none.
 * With a state, only what remains: tasks that have ended are left out, and so are phases that have ended.
 */
export async function makePlan(run: PreparedRun, readers: Readers, state?: RunState): Promise<Plan> {
  const overlay = new Overlay();
  const phases: PlannedPhase[] = [];
  for (const phase of run.phases) {
    if (state?.phases[phase.id]?.endedAt !== undefined) continue;
    const tasks: PlannedTask[] = [];
    for (const task of inOrder(phase.tasks)) {
      if (state !== undefined && isOver(state, task)) continue;
      tasks.push(await planTask(task, readers, overlay));
    }
    phases.push({ id: phase.id, title: phase.title, digest: phaseDigest(run, tasks), tasks });
  }
  return { digest: planDigest(phases), phases };
}

/** Only the phases from this one on. */
export function planFrom(plan: Plan, phaseIds: readonly string[]): Plan {
  const phases = plan.phases.filter((phase) => phaseIds.includes(phase.id));
  return { digest: planDigest(phases), phases };
}

function isOver(state: RunState, task: ResolvedTask): boolean {
  const { end, forward } = taskState(state, task.id);
  return end !== undefined || forward.stage === 'applied' || forward.stage === 'proven';
}

async function planTask(task: ResolvedTask, under: Readers, overlay: Overlay): Promise<PlannedTask> {
  const { id, title } = task;
  const nothing = { changes: [], finding: { kind: 'holds', evidence: [] } } as const;
  if (task.does === 'ask') return { id, title, does: 'manual', ...nothing };
  if (task.does === 'pass-over') {
    const does =
      task.because === 'live-test'
        ? 'skip-in-live-test'
        : task.because === 'emergency'
          ? 'skip-in-emergency'
          : 'manual';
    return { id, title, does, ...nothing };
  }
  const over = overlayReaders(under, overlay);
  const { finding, before, changes } = await task.step.check(over.readers);
  overlay.lay(id, before, changes);
  const assumed = finding.kind !== 'holds' && (over.touched() || finding.kind === 'not-yet');
  return {
    id,
    title,
    does: 'act',
    changes,
    finding: assumed ? { kind: 'assumed', evidence: finding.evidence } : finding,
  };
}

/** The tasks of a phase so that each comes after those it waits for, and otherwise as they are listed. Pure. */
export function inOrder(tasks: readonly ResolvedTask[]): ResolvedTask[] {
  const ordered: ResolvedTask[] = [];
  const visit = (task: ResolvedTask): void => {
    if (ordered.includes(task)) return;
    for (const before of task.after) {
      const other = tasks.find((candidate) => candidate.id === before.task);
      if (other !== undefined) visit(other);
    }
    ordered.push(task);
  };
  tasks.forEach(visit);
  return ordered;
}

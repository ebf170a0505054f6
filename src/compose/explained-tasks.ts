import type { ExplainedTask } from '../../commands/explain.js';
import { coreDatacenters, type Installation } from '../domain/installation.js';
import type { Runbook } from '../runbook/runbook.js';
import { isManual, type ManualTask, type Task } from '../runbook/task.js';

/** Every task of a runbook as `explain` tells it. Pure. */
export function explainedTasks(runbook: Runbook, installation: Installation): ExplainedTask[] {
  const [from, to] = coreDatacenters(installation);
  const parsed = runbook.parse({ from, to });
  if (!parsed.ok) return [];
  return runbook.phases(parsed.params, 'live').flatMap((phase) =>
    phase.tasks.map((task) => ({
      id: task.id,
      title: task.title,
      phase: phase.id,
      explain: task.explain,
      ...(isManual(task) ? { assignedTo: task.assignedTo } : {}),
      takenBack: takenBackText(task),
    })),
  );
}

function takenBackText(task: Task | ManualTask): string {
  const undo = task.rollback;
  if ('needless' in undo) return `not needed: ${undo.needless}`;
  if ('impossible' in undo) return `impossible: ${undo.impossible}`;
  return 'ask' in undo ? `by a person: ${undo.ask}` : undo.explain.does;
}

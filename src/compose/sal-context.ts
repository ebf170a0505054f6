import { isManual } from '../runbook/task.js';
import type { Entry } from '../runner/entry.js';
import type { SalContext } from '../sal/sal-line.js';
import type { House } from './house.js';

/** What the log says of a run's tasks: the line that is prescribed for a manual one, else its title. Pure. */
export function salContext({ runbooks }: House, request: Entry & { kind: 'run-requested' }): SalContext {
  const runbook = runbooks.find(({ name }) => name === request.runbook);
  const parsed = runbook?.parse(request.params);
  if (runbook === undefined || parsed?.ok !== true) return { salText: () => undefined };
  const tasks = runbook.phases(parsed.params, request.mode).flatMap((phase) => phase.tasks);
  return {
    ...(runbook.window === undefined ? {} : { window: runbook.window }),
    salText: (id) => {
      const task = tasks.find((candidate) => candidate.id === id);
      return task === undefined ? undefined : isManual(task) ? task.salText : task.title;
    },
  };
}

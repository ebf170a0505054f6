import { type Instant, formatLength } from '../domain/instant.js';
import type { Intent } from './intent.js';
import type { PreparedRun } from './prepared-run.js';
import { readOnlyPeriod } from './read-only-period.js';
import { type RunState, taskState } from './run-state.js';

/** What is said loudly, once each: the read-only clock past its budget, a task slower than three in four of its history. */
export function decideAlarms(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  return [...budgetAlarm(run, state, now), ...slowTasks(run, state, now)];
}

function budgetAlarm(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  const period = readOnlyPeriod(run, state);
  if (run.window === undefined || period === undefined || period.endedAt !== undefined) return [];
  const { budget } = run.window;
  return once(state, now, (period.startedAt + budget) as Instant, 'read-only-budget', () => {
    return `read-only for longer than its budget of ${formatLength(budget)}`;
  });
}

function slowTasks(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  return run.phases.flatMap((phase) =>
    phase.tasks.flatMap((task): Intent[] => {
      const usually = run.usually[task.id];
      const { startedAt, end } = taskState(state, task.id);
      if (usually === undefined || startedAt === undefined || end !== undefined || task.does !== 'act')
        return [];
      return once(state, now, (startedAt + usually) as Instant, `slow/${task.id}`, () => {
        return `${task.id} takes longer than in three of four earlier runs (${formatLength(usually)})`;
      });
    }),
  );
}

function once(state: RunState, now: Instant, due: Instant, about: string, text: () => string): Intent[] {
  if (state.alarms.includes(about)) return [];
  if (now <= due) return [{ kind: 'wait', until: (due + 1) as Instant }];
  return [{ kind: 'append', entry: { kind: 'alarm', about, text: text() } }];
}

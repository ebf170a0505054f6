import { type Instant, formatLength } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import { modeMark } from '../runbook/mode.js';
import type { ResolvedTask } from '../runbook/resolve.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunView } from '../runner/runner.js';
import { type TaskState, taskState } from '../runner/run-state.js';
import type { Block } from './message.js';

/** How a task stands, in a word or two. Pure. */
export function taskWord(task: TaskState): string {
  if (task.end !== undefined) return task.end.replaceAll('-', ' ');
  const progress = task.back ?? task.forward;
  if (task.asked !== undefined && task.confirmed === undefined) return 'waits for a person';
  if (progress.stage === 'failed') return 'cannot go on';
  if (progress.running !== undefined) return `${progress.running.step} running`;
  if (progress.waitingSince !== undefined) return 'not so yet';
  return progress.stage === 'applied' ? 'applied, to be proven' : progress.stage;
}

export function taskTook(task: TaskState, now: Instant): string {
  if (task.startedAt === undefined) return '';
  return formatLength((task.endedAt ?? now) - task.startedAt);
}

/** How many tasks have ended, of all. Pure. */
export function taskCount({ run, state }: RunView): { readonly done: number; readonly of: number } {
  const tasks = run.phases.flatMap((phase) => phase.tasks);
  return {
    done: tasks.filter((task) => taskState(state, task.id).end !== undefined).length,
    of: tasks.length,
  };
}

/** The bar, the phase and the read-only clock: one line. Pure. */
export function progressBlock(view: RunView, now: Instant): Block {
  const { run, state } = view;
  const { done, of } = taskCount(view);
  const phase = run.phases.find((candidate) => state.phases[candidate.id]?.endedAt === undefined);
  const where =
    state.ended?.result ??
    (state.stage === 'requested'
      ? 'requested'
      : phase === undefined
        ? 'ending'
        : `phase ${phase.id} ${phase.title}`);
  const clock = readOnlyClock(view, now);
  const hold = state.hold === undefined ? '' : ' · ON HOLD';
  return {
    kind: 'progress',
    label: `${modeMark(state.mode)}run ${state.run}`,
    done,
    of,
    note: `${where}${hold}${clock === undefined ? '' : ` · ${clock}`}`,
  };
}

/** `read-only 12.3 s of 3 min`, while it runs and afterwards. Pure. */
export function readOnlyClock({ run, state }: RunView, now: Instant): string | undefined {
  const period = readOnlyPeriod(run, state);
  if (period === undefined || run.window === undefined) return undefined;
  const length = (period.endedAt ?? now) - period.startedAt;
  const over = length > run.window.budget ? ' — PAST ITS BUDGET' : '';
  const verb = period.endedAt === undefined ? 'read-only for' : 'was read-only for';
  return `${verb} ${formatLength(length)} of ${formatLength(run.window.budget)}${over}`;
}

/** The run as data, for `--json`. Pure. */
export function runJson({ run, state }: RunView): Json {
  const period = readOnlyPeriod(run, state);
  const task = (resolved: ResolvedTask): Json => {
    const own = taskState(state, resolved.id);
    return {
      id: resolved.id,
      state: taskWord(own),
      startedAt: own.startedAt ?? null,
      endedAt: own.endedAt ?? null,
      by: own.confirmed?.by ?? own.skipped?.by ?? null,
    };
  };
  return {
    run: state.run,
    runbook: state.runbook,
    mode: state.mode,
    description: state.description,
    operator: state.operator,
    stage: state.stage,
    hold: state.hold?.because ?? null,
    result: state.ended?.result ?? null,
    because: state.ended?.because ?? null,
    counts: state.ended?.counts ?? null,
    readOnly: period === undefined ? null : { startedAt: period.startedAt, endedAt: period.endedAt ?? null },
    phases: run.phases.map((phase) => ({
      id: phase.id,
      title: phase.title,
      startedAt: state.phases[phase.id]?.startedAt ?? null,
      endedAt: state.phases[phase.id]?.endedAt ?? null,
      tasks: phase.tasks.map(task),
    })),
  };
}

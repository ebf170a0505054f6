import type { Json } from '../domain/json.js';
import { plural } from '../domain/text.js';
import { evidenceLine } from '../runbook/finding.js';
import { modeMark } from '../runbook/mode.js';
import type { Plan, PlanDifference, PlannedTask } from '../runbook/plan.js';
import type { PlannedChange } from '../runbook/planned-change.js';
import type { PreparedRun } from '../runner/prepared-run.js';
import { type Block, list, paragraph, type Span } from './message.js';

/** More objects than this of one change are counted and not listed; `plan --json` has them all. */
const MOST_OBJECTS = 3;

/** Changes of one task that say the same of several objects: `access "read-only" → "read-write"`. */
interface ChangeGroup {
  readonly what: string;
  readonly objects: readonly string[];
}

/** The plan in a few lines: each phase with its tasks, each task with what it changes. Pure. */
export function planBlocks(run: PreparedRun, plan: Plan): Block[] {
  const tasks = plan.phases.flatMap((phase) => phase.tasks);
  const changes = tasks.reduce((sum, task) => sum + task.changes.length, 0);
  const head: Span[] = [
    { strong: `${modeMark(run.mode)}${run.runbook}` },
    ` ${run.description}: ${plural(tasks.length, 'task')}, ${plural(changes, 'change')}, plan ${plan.digest}`,
  ];
  const blocks: Block[] = [paragraph(...head)];
  for (const phase of plan.phases) {
    if (phase.tasks.length === 0) continue;
    blocks.push(
      paragraph({ strong: `Phase ${phase.id}` }, ` ${phase.title}`),
      list(...phase.tasks.map(taskLine)),
    );
  }
  return blocks;
}

/** What is different from the plan that was shown before, for those who have to vote again. Pure. */
export function differenceLines(difference: readonly PlanDifference[]): readonly (readonly Span[])[] {
  return difference.map(({ task, object, was, is }) => [
    `${task}: ${object} was ${changeText(was)}, is ${changeText(is)}`,
  ]);
}

function taskLine(task: PlannedTask): readonly Span[] {
  const name: Span = { code: task.id };
  if (task.does === 'manual') return [name, ` ${task.title} (a person does it)`];
  if (task.does !== 'act')
    return [name, ` passed over (${task.does === 'skip-in-live-test' ? 'live test' : 'emergency'})`];
  const text =
    task.changes.length === 0
      ? 'nothing to change, it is observed'
      : groups(task.changes).map(groupText).join('; ');
  const stop =
    task.finding.kind === 'blocked'
      ? ` — would stop: ${task.finding.evidence.map(evidenceLine).slice(0, 2).join('; ')}`
      : '';
  return [name, ` ${text}${stop}`];
}

function groups(changes: readonly PlannedChange[]): ChangeGroup[] {
  const found = new Map<string, string[]>();
  for (const { object, from, to } of changes) {
    const [name = object, field = ''] = object.split('#');
    const what = `${field} ${short(from)} → ${short(to)}`;
    found.set(what, [...(found.get(what) ?? []), name.slice(name.indexOf('/') + 1)]);
  }
  return [...found].map(([what, objects]) => ({ what, objects }));
}

function groupText({ what, objects }: ChangeGroup): string {
  const more = objects.length - MOST_OBJECTS;
  return `${what} (${objects.slice(0, MOST_OBJECTS).join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

function changeText(value: Json): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'not planned';
  const { from, to } = value as { from?: Json; to?: Json };
  return `${short(from ?? null)} → ${short(to ?? null)}`;
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 48 ? `${text.slice(0, 45)}…"` : text;
}

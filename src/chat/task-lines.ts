import { type Instant, clockTime, formatLength } from '../domain/instant.js';
import { evidenceLine } from '../runbook/finding.js';
import type { TaskId } from '../runbook/task.js';
import type { RunView } from '../runner/runner.js';
import { type RunState, taskState } from '../runner/run-state.js';
import { runMark } from './gate-lines.js';
import { type Block, message, type Message, paragraph } from './message.js';
import { progressBlock, taskTook } from './run-progress.js';

/** A wait shorter than this is not worth a line. */
const WORTH_TELLING = 10_000;

/** A task that has come to its end: what a line says of it. */
export interface TaskEnding {
  readonly task: TaskId;
  /** `observed in 9.5 s`, `confirmed by erin in 2 min`. */
  readonly how: string;
  readonly warnings: readonly string[];
  readonly tone: 'good' | 'warning';
}

/** The end of a task, if this is the entry with which it came. Pure. */
export function taskEnding(
  before: RunState | undefined,
  { state }: RunView,
  task: TaskId,
  at: Instant,
): TaskEnding | undefined {
  const was = before === undefined ? undefined : taskState(before, task);
  const is = taskState(state, task);
  if (is.end === undefined || was?.end === is.end) return undefined;
  const warnings = is.forward.evidence.filter((item) => item.warning === true).map(evidenceLine);
  const by = is.confirmed?.by ?? is.skipped?.by;
  const how = `${is.end.replaceAll('-', ' ')}${by === undefined ? '' : ` by ${by}`}${is.startedAt === undefined ? '' : ` in ${taskTook(is, at)}`}`;
  const isWarning = is.end === 'would-stop' || is.end === 'skipped-by-person' || warnings.length > 0;
  return { task, how, warnings, tone: isWarning ? 'warning' : 'good' };
}

/** Tasks that ended side by side, in one line, and how far the run is now. Pure. */
export function endingsMessage(endings: readonly TaskEnding[], view: RunView, at: Instant): Message {
  const warnings = endings.flatMap((ending) =>
    ending.warnings.map((text) => (endings.length === 1 ? text : `${ending.task}: ${text}`)),
  );
  const text = endings.map(({ task, how }) => `${task} ${how}`).join(', ');
  const blocks: Block[] = [paragraph(`${runMark(view.state)}: `, text), progressBlock(view, at)];
  if (warnings.length > 0) {
    const more = warnings.length - 3;
    blocks.push(
      paragraph(`warning: ${warnings.slice(0, 3).join('; ')}${more > 0 ? ` and ${more} more` : ''}`),
    );
  }
  return message(endings.some(({ tone }) => tone === 'warning') ? 'warning' : 'good', ...blocks);
}

/** A task that ended with this entry, that cannot go on, or that has begun a wait worth telling. Pure. */
export function taskLines(before: RunState | undefined, view: RunView, id: TaskId, at: Instant): Message[] {
  const ending = taskEnding(before, view, id, at);
  if (ending !== undefined) return [endingsMessage([ending], view, at)];
  const mark = runMark(view.state);
  const was = before === undefined ? undefined : taskState(before, id);
  const is = taskState(view.state, id);
  const progress = is.back ?? is.forward;
  const progressBefore = was === undefined ? undefined : (was.back ?? was.forward);
  if (progress.stage === 'failed' && progressBefore?.stage !== 'failed') {
    const seen = progress.evidence.filter((item) => item.seen !== item.expected).map(evidenceLine);
    const shown =
      seen.length === 0
        ? ''
        : ` — ${seen.slice(0, 3).join('; ')}${seen.length > 3 ? ` and ${seen.length - 3} more` : ''}`;
    return [
      message(
        'alarm',
        paragraph(`${mark}: `, { strong: id }, ` cannot go on: ${progress.problem ?? ''}${shown}. `, {
          code: `why ${view.state.run}`,
        }),
      ),
    ];
  }
  const until = progress.lastLook?.finding?.until;
  if (until !== undefined && until - at > WORTH_TELLING && progressBefore?.lastLook?.finding?.until !== until)
    return [
      message(
        'plain',
        paragraph(`${mark}: ${id} waits until ${clockTime(until)} UTC (${formatLength(until - at)})`),
      ),
    ];
  return [];
}

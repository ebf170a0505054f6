import { assertNever } from '../domain/assert-never.js';
import { formatLength } from '../domain/instant.js';
import { listed } from '../domain/text.js';
import type { TaskId } from '../runbook/task.js';
import type { Direction, TaskEnd } from '../runner/entry.js';
import {
  type RunState,
  type StepProgress,
  type TaskState,
  duration,
  taskState,
} from '../runner/run-state.js';
import { type SalContext, actor, evidenceText, runNumber, warningText } from './sal-line.js';

/**
 * What is said of one task when its state changes: START before its first write, and how each walk through it ended,
 * forwards and back. What is looked at again and again is said once, when it is so or when patience has ended. Pure.
 */
export function taskTexts(
  before: RunState,
  after: RunState,
  id: TaskId,
  context: SalContext,
): readonly string[] {
  const was = taskState(before, id);
  const is = taskState(after, id);
  const subject = (direction: Direction): string =>
    `${actor(after)} ${direction === 'back' ? 'rollback of ' : ''}${id}`;
  const texts = (['forward', 'back'] as const).flatMap((direction) => {
    const [then, now] = [was[direction], is[direction]];
    return [
      ...(writesFirst(then, now) ? [`START - ${subject(direction)}`] : []),
      ...(fails(then, now) ? [`END (FAIL) - ${subject(direction)}: ${problemText(now)}`] : []),
      ...(losesItsAnswer(then, now)
        ? [`UNKNOWN - ${subject(direction)}: whether its write had its effect`]
        : []),
    ];
  });
  if (is.end !== undefined && is.end !== was.end) texts.push(endText(after, id, is, is.end, context));
  if (is.leftAsIs !== undefined && was.leftAsIs === undefined) {
    const { possible, because } = is.leftAsIs;
    texts.push(`END (NOTRUN) - ${subject('back')}: ${possible ? 'not needed' : 'not possible'}, ${because}`);
  }
  return texts.map((text) => `${text} ${runNumber(after)}`);
}

function endText(run: RunState, id: TaskId, task: TaskState, end: TaskEnd, context: SalContext): string {
  const subject = `${actor(run)} ${id}`;
  const took = tookText(duration(task.startedAt, task.endedAt));
  switch (end) {
    case 'observed':
      return `END (PASS) - ${subject}: observed${took}${warned(task.forward)}`;
    case 'confirmed':
      return `${context.salText(id) ?? subject} - confirmed by ${task.confirmed?.by ?? 'nobody'}${took}`;
    case 'skipped-in-live-test':
      return `END (NOTRUN) - ${subject}: left out of a live test`;
    case 'skipped-in-emergency':
      return `END (NOTRUN) - ${subject}: left out in an emergency`;
    case 'skipped-by-person':
      return `END (NOTRUN) - ${subject}: ${skippedText(task)}`;
    case 'taken-back': {
      const rollback = `END (PASS) - ${actor(run)} rollback of ${id}`;
      if (task.backConfirmed !== undefined) return `${rollback}: confirmed by ${task.backConfirmed.by}`;
      return `${rollback}: observed${tookText(duration(task.back?.applyStarted, task.endedAt))}`;
    }
    case 'shown':
    case 'would-stop':
    case 'not-run':
      return `END (NOTRUN) - ${subject}: ${end}`;
    default:
      return assertNever(end, 'end of a task');
  }
}

function writesFirst(then: StepProgress | undefined, now: StepProgress | undefined): boolean {
  return then?.applyStarted === undefined && now?.applyStarted !== undefined;
}

function fails(then: StepProgress | undefined, now: StepProgress | undefined): now is StepProgress {
  return then?.stage !== 'failed' && now?.stage === 'failed';
}

function losesItsAnswer(then: StepProgress | undefined, now: StepProgress | undefined): boolean {
  return then?.applyUnknown !== true && now?.applyUnknown === true;
}

function problemText({ problem, evidence }: StepProgress): string {
  return [problem, evidenceText(evidence)].filter(Boolean).join(': ');
}

function skippedText({ skipped }: TaskState): string {
  if (skipped === undefined) return 'skipped';
  const agreed = skipped.agreedBy.length === 0 ? '' : `, agreed by ${listed(skipped.agreedBy)}`;
  return `skipped by ${skipped.by}${agreed}: ${skipped.reason}`;
}

function warned(progress: StepProgress): string {
  const warnings = warningText(progress.evidence);
  return warnings === '' ? '' : `; warning: ${warnings}`;
}

const tookText = (took: number | undefined): string =>
  took === undefined ? '' : ` after ${formatLength(took)}`;

import { type Instant, type Millis, formatLength, isoSeconds } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import { listed, plural } from '../domain/text.js';
import { modeMark } from '../runbook/mode.js';
import { evidenceLine } from '../runbook/finding.js';
import type { TaskId } from '../runbook/task.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import { type ReadOnlyTime, compared } from '../runner/run-history.js';
import type { RunView } from '../runner/runner.js';
import { type RunState, taskState } from '../runner/run-state.js';
import { type Block, list, message, type Message, paragraph, type Span } from './message.js';
import { runJson, taskTook, taskWord } from './run-progress.js';

/** The whole story of a run from its journal: can be made again years later. Pure. */
export function recap(view: RunView, history: readonly ReadOnlyTime[], now: Instant): Message {
  const { run, state } = view;
  const result = state.ended?.result ?? 'still going on';
  const blocks: Block[] = [
    paragraph(
      { strong: `${modeMark(state.mode)}Run ${state.run}: ${result}` },
      ` — ${run.runbook} ${run.description}`,
      taskSpan(state),
    ),
  ];
  if (state.ended !== undefined)
    blocks.push(paragraph([state.ended.because, countsText(state)].filter(Boolean).join('. ').concat('.')));
  blocks.push(paragraph(...readOnlySpans(view, history, now)));
  blocks.push({
    kind: 'table',
    columns: ['phase', 'task', 'came out', 'took', 'by'],
    rows: taskRows(view, now),
  });
  const waits = policyWaits(state);
  if (waits.length > 0)
    blocks.push(
      paragraph(
        `Policy waits, by the clock and not for what is seen: ${waits.map(({ task, length }) => `${task} ${formatLength(length)}`).join(', ')}.`,
      ),
    );
  const remarks = remarksOf(state);
  if (remarks.length > 0) blocks.push(list(...remarks.map((text): Span[] => [text])));
  blocks.push(paragraph(peopleText(state)));
  const tone = state.ended?.result === 'PASS' ? 'good' : state.ended === undefined ? 'plain' : 'warning';
  return message(tone, ...blocks);
}

export function recapJson(view: RunView, history: readonly ReadOnlyTime[]): Json {
  const period = readOnlyPeriod(view.run, view.state);
  const length = period?.endedAt === undefined ? null : period.endedAt - period.startedAt;
  return {
    ...(runJson(view) as Record<string, Json>),
    readOnlySeconds: length === null ? null : length / 1000,
    policyWaits: policyWaits(view.state).map(({ task, length }) => ({ task, seconds: length / 1000 })),
    budgetSeconds: view.run.window === undefined ? null : view.run.window.budget / 1000,
    history: history.map((other) => ({
      when: other.when,
      seconds: other.length / 1000,
      about: other.about ?? false,
    })),
  };
}

/** `17 observed, 9 confirmed`: every kind that there was. Pure. */
export function countsText(state: RunState): string {
  const counts = Object.entries(state.ended?.counts ?? {}).filter(([, count]) => count > 0);
  return counts.map(([end, count]) => `${count} ${end.replaceAll('-', ' ')}`).join(', ');
}

function taskSpan({ reason }: RunState): Span {
  return reason.task === undefined ? '' : ` - ${reason.task}`;
}

function readOnlySpans({ run, state }: RunView, history: readonly ReadOnlyTime[], now: Instant): Span[] {
  const period = readOnlyPeriod(run, state);
  if (period === undefined || run.window === undefined) return ['Nobody was kept from editing.'];
  const length = (period.endedAt ?? now) - period.startedAt;
  const budget = formatLength(run.window.budget);
  const within =
    length > run.window.budget ? `PAST its budget of ${budget}` : `within its budget of ${budget}`;
  const until = period.endedAt === undefined ? 'and still is' : `to ${isoSeconds(period.endedAt)}`;
  const against = compared(length, history);
  return [
    'Read-only: ',
    { strong: formatLength(length) },
    ` (${isoSeconds(period.startedAt)} ${until}), ${within}${against === undefined ? '' : `; ${against}`}.`,
    ...(history.length === 0
      ? []
      : [
          ` Earlier: ${history.map((other) => `${other.when} ${other.about === true ? 'about ' : ''}${formatLength(other.length)}`).join('; ')}.`,
        ]),
  ];
}

function taskRows({ run, state }: RunView, now: Instant): string[][] {
  return run.phases.flatMap((phase) =>
    phase.tasks.map((task) => {
      const own = taskState(state, task.id);
      const by = own.confirmed?.by ?? own.backConfirmed?.by ?? own.skipped?.by ?? '';
      return [
        phase.id,
        task.id,
        own.end === undefined && state.ended !== undefined ? 'not run' : taskWord(own),
        taskTook(own, now),
        by,
      ];
    }),
  );
}

/** Tasks that waited for a time that configuration sets, and how long from their beginning: see `Finding.until`. Pure. */
function policyWaits(state: RunState): { readonly task: TaskId; readonly length: Millis }[] {
  return Object.entries(state.tasks).flatMap(
    ([
      task,
      {
        startedAt,
        forward: { waitedUntil },
      },
    ]) =>
      startedAt === undefined || waitedUntil === undefined ? [] : [{ task, length: waitedUntil - startedAt }],
  );
}

/** What was not as smooth as it should be: skips, alarms, restarts, warnings. Pure. */
function remarksOf(state: RunState): string[] {
  const remarks: string[] = [];
  for (const [id, task] of Object.entries(state.tasks)) {
    if (task.skipped !== undefined)
      remarks.push(
        `${id} was skipped by ${task.skipped.by}, agreed by ${listed(task.skipped.agreedBy)}: ${task.skipped.reason}`,
      );
    if (task.wouldStop)
      remarks.push(
        `${id} would have stopped a real run: ${task.forward.evidence.slice(0, 3).map(evidenceLine).join('; ')}`,
      );
    if (task.leftAsIs?.possible === false)
      remarks.push(`${id} could not be taken back: ${task.leftAsIs.because}`);
    for (const evidence of task.forward.evidence.filter((item) => item.warning === true))
      remarks.push(`${id}: warning, ${evidenceLine(evidence)}`);
  }
  if (state.recoveries > 0)
    remarks.push(`the process ended and the run was taken up again: ${plural(state.recoveries, 'time')}`);
  remarks.push(...state.alarms.map((about) => `alarm: ${about}`));
  return remarks;
}

function peopleText(state: RunState): string {
  const agreed = [
    ...new Set(
      state.gates.flatMap((gate) =>
        gate.votes.filter((vote) => vote.verdict === 'go').map((vote) => vote.by.person),
      ),
    ),
  ];
  const approvals = agreed.length === 0 ? '' : `, with the GO of ${listed(agreed)}`;
  const ended =
    state.ended === undefined
      ? ''
      : `; it ended ${isoSeconds(state.ended.at)} after ${formatLength(state.ended.at - state.requestedAt)}`;
  return `Asked for by ${state.requestedBy.person}, run by ${state.operator}${approvals}. Requested ${isoSeconds(state.requestedAt)}${ended}.`;
}

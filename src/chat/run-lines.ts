import { type Instant, clockTime, formatLength, isoSeconds } from '../domain/instant.js';
import { evidenceLine } from '../runbook/finding.js';
import { modeMark } from '../runbook/mode.js';
import { findTask } from '../runbook/resolve.js';
import type { Entry } from '../runner/entry.js';
import type { Recorded } from '../runner/journal.js';
import { gateTitle, needsText } from '../runner/orders.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { ReadOnlyTime } from '../runner/run-history.js';
import { type RunState, taskState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { lockOwnerText } from '../state/locks.js';
import { type Block, list, message, type Message, paragraph, type Span } from './message.js';
import { differenceLines } from './plan-message.js';
import { recap } from './recap.js';
import { progressBlock, taskTook } from './run-progress.js';

/** A wait shorter than this is not worth a line. */
const WORTH_TELLING = 10_000;

/** What one entry means to those who follow the run in an operations channel; nothing for most entries. Pure. */
export function runLines(
  before: RunState | undefined,
  view: RunView,
  recorded: Recorded,
  history: readonly ReadOnlyTime[],
): Message[] {
  const { state } = view;
  const { entry, at } = recorded;
  const mark = `${modeMark(state.mode)}run ${state.run}`;
  const line = (tone: Message['tone'], ...spans: Span[]): Message[] => [
    message(tone, paragraph(`${mark}: `, ...spans)),
  ];
  switch (entry.kind) {
    case 'run-requested': {
      const needs = entry.policy.approvals === 0 ? 'needs no approval' : `needs ${needsText(entry.policy)}`;
      return line(
        'plain',
        `${entry.by.person} asks for ${entry.runbook} ${entry.description}; it ${needs}. `,
        {
          code: `approve ${state.run}`,
        },
      );
    }
    case 'gate-opened':
      return gateLines(view, entry, mark);
    case 'vote-cast':
      return line(
        'plain',
        { strong: entry.verdict === 'go' ? 'GO' : 'NOGO' },
        ` from ${entry.by.person}${entry.note === undefined ? '' : `: ${entry.note}`}`,
      );
    case 'gate-settled': {
      const gate = state.gates.find((candidate) => candidate.id === entry.gate);
      const title = gate === undefined ? entry.gate : gateTitle(gate);
      return line(
        entry.verdict === 'go' ? 'good' : 'warning',
        `${title}: `,
        { strong: entry.verdict.toUpperCase() },
        ` — ${entry.because}`,
        ...(state.hold === undefined || before?.hold !== undefined
          ? []
          : ['. The run is on hold: ', { code: `why ${state.run}` }, ' tells the ways out']),
      );
    }
    case 'run-started':
      return line('good', { strong: 'started' }, `: ${view.run.runbook} ${state.description}`);
    case 'phase-started': {
      const phase = view.run.phases.find((candidate) => candidate.id === entry.phase);
      return [
        message(
          'plain',
          paragraph(`${mark}: `, { strong: `phase ${entry.phase}` }, ` ${phase?.title ?? ''}`),
          progressBlock(view, at),
        ),
      ];
    }
    case 'step-ended':
      return [...taskLines(before, view, entry.task, at, mark), ...windowLines(before, view, at, mark)];
    case 'step-started':
      return windowLines(before, view, at, mark);
    case 'task-passed-over':
    case 'task-confirmed':
    case 'task-skipped':
      return taskLines(before, view, entry.task, at, mark);
    case 'task-asked': {
      const title = findTask(view.run.phases, entry.task)?.title ?? '';
      const what = entry.direction === 'back' ? `take back: ${entry.what}` : title;
      return line(
        'warning',
        { strong: `for ${entry.of}` },
        `: ${entry.task} — ${what}. `,
        { code: `done ${entry.task}` },
        ' when it is done',
      );
    }
    case 'task-stuck':
      return line('alarm', `${entry.task} cannot go on: ${entry.because}. `, { code: `why ${state.run}` });
    case 'retry-asked':
      return line('plain', `${entry.by.person} has ${entry.task} tried again`);
    case 'run-held':
      return line('alarm', { strong: 'ON HOLD' }, `: ${entry.because}. `, { code: `why ${state.run}` });
    case 'run-resumed':
      return line('good', `resumed by ${entry.by.person}`);
    case 'operator-changed':
      return line('plain', `${entry.to} runs it now`);
    case 'abort-asked':
      return line('alarm', { strong: 'ABORT' }, ` by ${entry.by.person}: ${entry.reason}`);
    case 'rollback-started':
      return line('warning', `rolling back ${entry.tasks.length} tasks, newest first`);
    case 'undo-passed-over':
      return line(
        'plain',
        `${entry.task} ${entry.possible ? 'needs no taking back' : 'cannot be taken back'}: ${entry.because}`,
      );
    case 'lease-lost':
      return line(
        'alarm',
        `the lock ${entry.lock} is lost (${entry.because}); nothing is written until it is held again`,
      );
    case 'lock-taken-by-another':
      return line(
        'alarm',
        `the lock ${entry.lock} is held by ${lockOwnerText(entry.owner)}; nothing is written until it is free`,
      );
    case 'locks-regained':
      return line('good', 'the locks are held again');
    case 'recovered':
      return line('warning', `taken up again after ${formatLength(entry.gap)} without a process`);
    case 'alarm':
      return line('alarm', { strong: 'ALARM' }, `: ${entry.text}`);
    case 'run-ended':
      return [recap(view, history, at)];
    case 'locks-taken':
    case 'phase-ended':
      return [];
  }
}

function gateLines(view: RunView, entry: Entry & { kind: 'gate-opened' }, mark: string): Message[] {
  const { state } = view;
  const gate = state.gates.find((candidate) => candidate.id === entry.gate);
  if (gate === undefined) return [];
  if (entry.for.kind === 'request' && entry.difference === undefined) return [];
  const words = entry.for.kind === 'request' ? ['approve', 'deny'] : ['go', 'nogo'];
  const blocks: Block[] = [
    paragraph(
      `${mark}: `,
      { strong: gateTitle(gate) },
      ` needs ${needsText(gate.policy)}, by ${clockTime(gate.expiresAt)} UTC`,
    ),
  ];
  if (entry.difference !== undefined && entry.difference.length > 0)
    blocks.push(
      paragraph('The plan has changed since it was shown; earlier votes have lapsed:'),
      list(...differenceLines(entry.difference)),
    );
  const suffix = entry.for.kind === 'skip' ? ` --gate ${gate.id}` : '';
  blocks.push({
    kind: 'choices',
    choices: words.map((word) => ({ label: word.toUpperCase(), command: `${word} ${state.run}${suffix}` })),
  });
  return [message('warning', ...blocks)];
}

/** A task that came to an end with this entry, that cannot go on, or that has begun a wait worth telling. */
function taskLines(
  before: RunState | undefined,
  view: RunView,
  id: string,
  at: Instant,
  mark: string,
): Message[] {
  const was = before === undefined ? undefined : taskState(before, id);
  const is = taskState(view.state, id);
  if (is.end !== undefined && was?.end !== is.end) {
    const warnings = is.forward.evidence.filter((item) => item.warning === true).map(evidenceLine);
    const by = is.confirmed?.by ?? is.skipped?.by;
    const text = `${id} ${is.end.replaceAll('-', ' ')}${by === undefined ? '' : ` by ${by}`}${is.startedAt === undefined ? '' : ` in ${taskTook(is, at)}`}`;
    const tone =
      is.end === 'would-stop' || is.end === 'skipped-by-person' || warnings.length > 0 ? 'warning' : 'good';
    const blocks: Block[] = [paragraph(`${mark}: `, text), progressBlock(view, at)];
    if (warnings.length > 0) blocks.push(paragraph(`warning: ${warnings.slice(0, 3).join('; ')}`));
    return [message(tone, ...blocks)];
  }
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

/** The read-only clock starts and stops: the loudest lines of a run. */
function windowLines(before: RunState | undefined, view: RunView, at: Instant, mark: string): Message[] {
  const { run, state } = view;
  const was = before === undefined ? undefined : readOnlyPeriod(run, before);
  const is = readOnlyPeriod(run, state);
  if (is === undefined || run.window === undefined) return [];
  if (was === undefined)
    return [
      message(
        'warning',
        paragraph(
          `${mark}: `,
          { strong: `READ-ONLY starts at ${isoSeconds(is.startedAt)}` },
          ` — the clock runs, budget ${formatLength(run.window.budget)}`,
        ),
      ),
    ];
  if (is.endedAt === undefined || was.endedAt !== undefined) return [];
  const length = is.endedAt - is.startedAt;
  const over = length > run.window.budget ? ', PAST ITS BUDGET' : '';
  return [
    message(
      over === '' ? 'good' : 'alarm',
      paragraph(
        `${mark}: `,
        { strong: `READ-ONLY ends at ${isoSeconds(is.endedAt)}` },
        ` after ${formatLength(length)}${over}. Breathe.`,
      ),
    ),
  ];
}

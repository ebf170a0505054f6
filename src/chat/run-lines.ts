import { formatLength } from '../domain/instant.js';
import { findTask } from '../runbook/resolve.js';
import type { GateId } from '../runner/entry.js';
import { gateTitle, needsText } from '../runner/gate-words.js';
import type { Recorded } from '../runner/journal.js';
import type { ReadOnlyTime } from '../runner/run-history.js';
import type { Gate, RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { lockOwnerText } from '../state/locks.js';
import {
  askingMessage,
  type Crowd,
  nobody,
  reminderMessage,
  requestChoices,
  runMark,
  stillMissingText,
} from './gate-lines.js';
import { message, type Message, paragraph, type Span } from './message.js';
import { beginsToWait, callingOperator } from './operator-waits.js';
import { recap } from './recap.js';
import { progressBlock } from './run-progress.js';
import { taskLines } from './task-lines.js';
import { windowLines } from './window-lines.js';

/**
 * What one entry means to those who follow the run in an operations channel; nothing for most entries. Its operator is
 * called when, and only when, the run begins to wait for them. Pure.
 */
export function runLines(
  before: RunState | undefined,
  view: RunView,
  recorded: Recorded,
  history: readonly ReadOnlyTime[],
  crowd: Crowd = nobody,
): Message[] {
  const messages = linesOf(before, view, recorded, history, crowd);
  const was = before === undefined ? undefined : { ...view, state: before };
  return beginsToWait(was, view, crowd) ? callingOperator(messages, view) : messages;
}

function linesOf(
  before: RunState | undefined,
  view: RunView,
  recorded: Recorded,
  history: readonly ReadOnlyTime[],
  crowd: Crowd,
): Message[] {
  const { state } = view;
  const { entry, at } = recorded;
  const mark = runMark(state);
  const line = (tone: Message['tone'], ...spans: Span[]): Message[] => [
    message(tone, paragraph(`${mark}: `, ...spans)),
  ];
  switch (entry.kind) {
    case 'run-requested': {
      const needs = entry.policy.approvals === 0 ? 'needs no approval' : `needs ${needsText(entry.policy)}`;
      const asks = `${entry.by.person} asks for ${entry.runbook} ${entry.description}; it ${needs}`;
      const asked = paragraph(`${mark}: ${asks}.`);
      return [message('plain', asked, ...(entry.policy.approvals === 0 ? [] : [requestChoices(state)]))];
    }
    case 'gate-opened': {
      const gate = gateOf(state, entry.gate);
      // The question of a request is put with its plan; what it asks for is told by the request itself.
      if (gate === undefined || (entry.for.kind === 'request' && state.gates.length === 1)) return [];
      return [askingMessage(state, gate, entry.difference)];
    }
    case 'vote-cast': {
      const gate = gateOf(state, entry.gate);
      const missing = gate === undefined ? '' : stillMissingText(gate);
      return line(
        'plain',
        { strong: entry.verdict === 'go' ? 'GO' : 'NOGO' },
        ` from ${entry.by.person}${entry.note === undefined ? '' : `: ${entry.note}`}`,
        missing === '' ? '' : ` — ${missing}`,
      );
    }
    case 'vote-withdrawn': {
      const gate = gateOf(state, entry.gate);
      const missing = gate === undefined ? '' : ` — ${stillMissingText(gate)}`;
      return line('warning', `${entry.by.person} has taken their answer back${missing}`);
    }
    case 'gate-reminded': {
      const gate = gateOf(state, entry.gate);
      return gate === undefined ? [] : [reminderMessage(state, gate, entry.how, crowd, at)];
    }
    case 'gate-settled': {
      const gate = gateOf(state, entry.gate);
      const title = gate === undefined ? entry.gate : gateTitle(gate);
      return line(
        entry.verdict === 'go' ? 'good' : 'warning',
        `${title}: `,
        { strong: entry.verdict.toUpperCase() },
        ` — ${entry.because}`,
        ...(state.hold === undefined || before?.hold !== undefined
          ? []
          : ['. The run is on hold: ', { command: `why ${state.run}` }, ' tells the ways out']),
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
      return [...taskLines(before, view, entry.task, at), ...windowLines(before, view)];
    case 'step-started':
      return windowLines(before, view);
    case 'task-passed-over':
    case 'task-confirmed':
    case 'task-skipped':
      return taskLines(before, view, entry.task, at);
    case 'task-asked': {
      const title = findTask(view.run.phases, entry.task)?.title ?? '';
      const what = entry.direction === 'back' ? `take back: ${entry.what}` : title;
      return line(
        'warning',
        { strong: `for ${entry.of}` },
        `: ${entry.task} — ${what}. `,
        { command: `done ${entry.task}` },
        ' when it is done',
      );
    }
    case 'task-stuck':
      return line('alarm', `${entry.task} cannot go on: ${entry.because}. `, { command: `why ${state.run}` });
    case 'retry-asked':
      return line('plain', `${entry.by.person} has ${entry.task} tried again`);
    case 'run-held':
      return line('alarm', { strong: 'ON HOLD' }, `: ${entry.because}. `, { command: `why ${state.run}` });
    case 'run-resumed':
      return line('good', `resumed by ${entry.by.person}`);
    case 'operator-changed':
      return line(
        'warning',
        `${entry.to} runs it now`,
        ...(before === undefined ? [] : [', in the place of ', { mention: before.operator }]),
      );
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

const gateOf = (state: RunState, id: GateId): Gate | undefined =>
  state.gates.find((candidate) => candidate.id === id);

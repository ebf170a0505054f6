import { assertNever } from '../domain/assert-never.js';
import { formatLength } from '../domain/instant.js';
import { plural } from '../domain/text.js';
import type { PhaseId } from '../runbook/task.js';
import type { Entry, TaskEnd } from '../runner/entry.js';
import { type RunState, duration, taskState } from '../runner/run-state.js';
import { phaseName, planChangedText, settledText, voteText, voteWithdrawnText } from './gate-texts.js';
import { lockOwnerText } from '../state/locks.js';
import { actor, runNumber, wholeRun } from './sal-line.js';

/** What is said of the run itself, its phases, gates and locks. What concerns one task is said by its change of state. Pure. */
export function runTexts(run: RunState, entry: Entry): readonly string[] {
  const about = `${actor(run)} ${runNumber(run)}`;
  switch (entry.kind) {
    case 'run-requested':
      return [
        `REQUEST - ${wholeRun(run)}: needs ${plural(entry.policy.approvals, 'approval')}${because(run.reason.text)}`,
      ];
    case 'gate-opened': {
      const text = planChangedText(run, entry);
      return text === undefined ? [] : [text];
    }
    case 'vote-cast':
      return [voteText(run, entry)];
    case 'vote-withdrawn':
      return [voteWithdrawnText(run, entry)];
    case 'gate-settled':
      return [settledText(run, entry)];
    case 'lease-lost':
      return [`LOCK LOST - ${about}: ${entry.lock}, ${entry.because}`];
    case 'lock-taken-by-another':
      return [`LOCK TAKEN - ${about}: ${entry.lock}, by ${lockOwnerText(entry.owner)}`];
    case 'locks-regained':
      return [`LOCKS REGAINED - ${about}`];
    case 'run-started':
      return [`START - ${wholeRun(run)}`];
    case 'phase-ended':
      return [phaseText(run, entry.phase)];
    case 'retry-asked':
      return [`RETRY - ${actor(run)} ${entry.task}, asked by ${entry.by.person} ${runNumber(run)}`];
    case 'run-held':
      return [`HOLD - ${about}${entry.by === undefined ? '' : ` by ${entry.by.person}`}: ${entry.because}`];
    case 'run-resumed':
      return [`RESUME - ${about} by ${entry.by.person}`];
    case 'operator-changed':
      return [`OPERATOR - ${about}: ${entry.to} takes over`];
    case 'abort-asked':
      return [`ABORT - ${about} asked by ${entry.by.person}: ${entry.reason}`];
    case 'rollback-started':
      return [
        `ROLLBACK - ${about}: ${entry.tasks.length === 0 ? 'nothing to take back' : entry.tasks.join(', ')}`,
      ];
    case 'recovered': {
      const world = entry.agrees
        ? 'the world is as the journal says'
        : 'the world is not as the journal says';
      return [
        `RECOVERED - ${about} after ${formatLength(entry.gap)} without a process: ${[world, ...entry.evidence].join('; ')}`,
      ];
    }
    case 'alarm':
      return [`ALARM - ${about}: ${entry.text}`];
    case 'run-ended':
      return [endText(run, entry)];
    case 'gate-reminded':
    case 'locks-taken':
    case 'phase-started':
    case 'step-started':
    case 'step-ended':
    case 'task-passed-over':
    case 'task-asked':
    case 'task-confirmed':
    case 'task-skipped':
    case 'task-stuck':
    case 'undo-passed-over':
      return [];
    default:
      return assertNever(entry, 'journal entry');
  }
}

/** No PASS or FAIL: a phase says how many of its tasks came out in which way, the skipped ones among them. */
function phaseText(run: RunState, phase: PhaseId): string {
  const { startedAt, endedAt } = run.phases[phase] ?? {};
  const counts = new Map<TaskEnd | 'to be proven later', number>();
  for (const { id } of run.planned[phase]?.tasks ?? []) {
    const end = taskState(run, id).end ?? 'to be proven later';
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const took = formatLength(duration(startedAt, endedAt) ?? 0);
  return `END - ${actor(run)} ${phaseName(run, phase)} after ${took}: ${countsText([...counts])} ${runNumber(run)}`;
}

function endText(run: RunState, { result, because: why, counts }: Entry & { kind: 'run-ended' }): string {
  const text = `END (${result}) - ${wholeRun(run)}: ${countsText(Object.entries(counts))}`;
  return result === 'PASS' ? text : `${text}${because(why)}`;
}

/** `12 observed, 3 confirmed`; kinds that there were none of are left out. */
function countsText(counts: readonly (readonly [kind: string, count: number])[]): string {
  const texts = counts.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return texts.length === 0 ? 'no tasks' : texts.join(', ');
}

const because = (text: string): string => (text === '' ? '' : `: ${text}`);

import type { Instant } from '../domain/instant.js';
import { listed } from '../domain/text.js';
import { tally } from '../access/tally.js';
import { findTask } from '../runbook/resolve.js';
import { evidenceLine } from '../runbook/finding.js';
import { lockOwnerText } from '../state/locks.js';
import { failedTasks, gateTitle, needsText } from './orders.js';
import type { PreparedRun } from './prepared-run.js';
import { type Gate, type RunState, type StepProgress, openGates, waitsForWord } from './run-state.js';

/** One thing that a run waits for. */
export interface Wait {
  readonly kind: 'gate' | 'manual' | 'failed' | 'hold' | 'lock' | 'time' | 'looking' | 'working' | 'journal';
  readonly what: string;
  readonly since: Instant;
  /** Who can answer, in words; undefined when nobody has to. */
  readonly who?: string;
  /** The commands that answer it. */
  readonly answers: readonly string[];
  readonly until?: Instant;
  /** What happens at `until`. */
  readonly then?: string;
}

/** Everything that a run waits for at this instant, what needs a person first. Pure. */
export function waitsOf(run: PreparedRun, state: RunState, now: Instant): Wait[] {
  if (state.stage === 'ended') return [];
  const waits = [
    ...holdWait(state),
    ...openGates(state).map((gate) => gateWait(state, gate)),
    ...lockWait(state),
    ...failedTasks(state).map((id) => failedWait(state, id)),
    ...manualWaits(run, state),
    ...timeWaits(run, state, now),
    ...stepWaits(state),
  ];
  return waits.sort((a, b) => Number(b.who !== undefined) - Number(a.who !== undefined));
}

/** Whether nothing goes on until a person does something. Pure. */
export function waitsForPerson(run: PreparedRun, state: RunState, now: Instant): boolean {
  const waits = waitsOf(run, state, now);
  return (
    waits.some((wait) => wait.who !== undefined) &&
    !waits.some((wait) => wait.kind === 'working' || wait.kind === 'looking')
  );
}

function holdWait(state: RunState): Wait[] {
  if (state.hold === undefined) return [];
  return [
    {
      kind: 'hold',
      what: `on hold: ${state.hold.because}`,
      since: state.hold.since,
      who: `an operator (${state.operator} runs it)`,
      answers: [`resume ${state.run}`, `abort ${state.run} --reason …`],
    },
  ];
}

function gateWait(state: RunState, gate: Gate): Wait {
  const counted = tally(gate, gate.votes);
  const words = gate.for.kind === 'request' ? ['approve', 'deny'] : ['go', 'nogo'];
  const then = {
    request: 'the request goes on hold',
    phase: 'the run goes on hold',
    skip: 'the task is not skipped',
  }[gate.for.kind];
  const sofar =
    counted.counted.length === 0 ? 'nobody has answered yet' : `GO so far by ${listed(counted.counted)}`;
  return {
    kind: 'gate',
    what: `${gateTitle(gate)} (${gate.id}): needs ${needsText(gate.policy)}; ${sofar}`,
    since: gate.openedAt,
    who: `${listed(gate.policy.mayAnswer, 'or')}, but not ${gate.asker}, who asks`,
    answers: words.map((word) => `${word} ${state.run}`),
    until: gate.expiresAt,
    then,
  };
}

function lockWait(state: RunState): Wait[] {
  if (state.leaseLost === undefined) return [];
  const { lock, since, takenBy } = state.leaseLost;
  const lost = takenBy === undefined ? 'was lost' : `was lost and is held by ${lockOwnerText(takenBy)}`;
  return [
    {
      kind: 'lock',
      what: `the lock ${lock} ${lost}; nothing is written until it is held again`,
      since,
      answers: [],
    },
  ];
}

function failedWait(state: RunState, id: string): Wait {
  const task = state.tasks[id];
  const progress = (state.rollback === undefined ? task?.forward : task?.back) ?? undefined;
  const answers = [
    `retry ${state.run} ${id}`,
    ...(state.rollback === undefined ? [`abort ${state.run} --reason …`] : [`done ${id}`]),
  ];
  return {
    kind: 'failed',
    what: `${id} cannot go on: ${progress?.problem ?? ''}${progress === undefined ? '' : seenText(progress)}`,
    since: task?.startedAt ?? state.updatedAt,
    who: `an operator (${state.operator} runs it)`,
    answers,
  };
}

function manualWaits(run: PreparedRun, state: RunState): Wait[] {
  return Object.entries(state.tasks).flatMap(([id, task]): Wait[] => {
    if (task.asked === undefined || !waitsForWord(state, task)) return [];
    const title = findTask(run.phases, id)?.title ?? id;
    const who = `anyone with the role ${task.asked.of}, or ${state.operator}`;
    return [
      {
        kind: 'manual',
        what: `${id}: ${title}`,
        since: task.asked.since,
        who,
        answers: [`done ${id}`, `explain ${id}`],
      },
    ];
  });
}

function timeWaits(run: PreparedRun, state: RunState, now: Instant): Wait[] {
  const next = run.phases.find((phase) => state.phases[phase.id]?.endedAt === undefined);
  if (
    next?.notBefore === undefined ||
    state.phases[next.id] !== undefined ||
    now >= next.notBefore ||
    state.stage !== 'running'
  )
    return [];
  return [
    {
      kind: 'time',
      what: `phase ${next.id} (${next.title}) does not begin before its announced time`,
      since: state.updatedAt,
      answers: [],
      until: next.notBefore,
      then: `phase ${next.id} begins, once its gate is through`,
    },
  ];
}

function stepWaits(state: RunState): Wait[] {
  return Object.entries(state.tasks).flatMap(([id, task]): Wait[] => {
    const progress = task.back ?? task.forward;
    if (progress.running !== undefined)
      return [
        {
          kind: 'working',
          what: `${id}: ${progress.running.step} is running${lastTime(progress)}`,
          since: progress.waitingSince ?? progress.running.since,
          answers: [],
        },
      ];
    if (progress.waitingSince === undefined || progress.stage === 'failed' || progress.stage === 'proven')
      return [];
    const { finding } = progress.lastLook ?? {};
    const until = finding?.until;
    return [
      {
        kind: 'looking',
        what: `${id}: not so yet${seenText(progress)}`,
        since: progress.waitingSince,
        answers: [],
        ...(until === undefined ? {} : { until, then: 'it is looked at again' }),
      },
    ];
  });
}

/** A look may take as long as a server does not answer: what the one before it has shown must not be hidden by that. */
function lastTime(progress: StepProgress): string {
  return progress.waitingSince === undefined ? '' : `, again: not so yet${seenText(progress)}`;
}

function seenText(progress: StepProgress): string {
  const evidence = (progress.lastLook?.finding?.evidence ?? progress.evidence).filter(
    (item) => item.seen !== item.expected,
  );
  if (evidence.length === 0)
    return progress.lastLook?.problem === undefined ? '' : ` (${progress.lastLook.problem})`;
  const more = evidence.length > 3 ? ` and ${evidence.length - 3} more` : '';
  return ` (${evidence.slice(0, 3).map(evidenceLine).join('; ')}${more})`;
}

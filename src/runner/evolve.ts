import { assertNever } from '../domain/assert-never.js';
import { ImpossibleState } from '../domain/errors.js';
import type { Entry } from './entry.js';
import {
  evolveGate,
  lapseGates,
  openGate,
  remindGate,
  settleGate,
  withdrawVote,
  withPlan,
} from './evolve-gates.js';
import { checkAgain, evolveStepEnded, evolveStepStarted, failStep, retryStep } from './evolve-steps.js';
import type { Recorded } from './journal.js';
import { type RunState, type TaskState, freshProgress, withTask } from './run-state.js';

/** What the journal of a run means, one entry further. Pure and total; the first entry is always `run-requested`. */
export function evolve(state: RunState | undefined, recorded: Recorded): RunState {
  const { entry, at } = recorded;
  if (entry.kind === 'run-requested') return requested(recorded, entry);
  if (state === undefined) throw new ImpossibleState(`run ${recorded.run} does not begin with a request`);
  const next: RunState = { ...state, seq: recorded.seq, updatedAt: at };
  switch (entry.kind) {
    case 'gate-opened':
      return openGate(next, entry, at);
    case 'vote-cast':
      return evolveGate(next, entry, at);
    case 'gate-settled':
      return settleGate(next, entry, at);
    case 'vote-withdrawn':
      return withdrawVote(next, entry);
    case 'gate-reminded':
      return remindGate(next, entry);
    case 'locks-taken':
      return { ...next, fences: entry.fences };
    case 'lease-lost':
      return { ...next, leaseLost: { lock: entry.lock, since: at } };
    case 'lock-taken-by-another':
      if (next.leaseLost === undefined) return next;
      return { ...next, leaseLost: { ...next.leaseLost, lock: entry.lock, takenBy: entry.owner } };
    case 'locks-regained': {
      const { leaseLost: _, ...rest } = next;
      return checkAgain({ ...rest, fences: entry.fences });
    }
    case 'run-started':
      return { ...withPlan(next, entry.plan), stage: 'running', startedAt: at };
    case 'phase-started':
      return { ...next, phases: { ...next.phases, [entry.phase]: { startedAt: at } } };
    case 'phase-ended':
      return {
        ...next,
        phases: {
          ...next.phases,
          [entry.phase]: { startedAt: next.phases[entry.phase]?.startedAt ?? at, endedAt: at },
        },
      };
    case 'step-started':
      return evolveStepStarted(next, entry, at);
    case 'step-ended':
      return evolveStepEnded(next, entry, at);
    case 'task-passed-over':
      return withTask(next, entry.task, (task) => ({
        ...task,
        end: passedOver(entry.because),
        startedAt: at,
        endedAt: at,
      }));
    case 'task-asked':
      return withTask(next, entry.task, (task) => ({
        ...task,
        startedAt: task.startedAt ?? at,
        asked: { of: entry.of, since: at, direction: entry.direction },
      }));
    case 'task-confirmed':
      return confirmed(next, entry, at);
    case 'task-skipped':
      return withTask(next, entry.task, (task) => ({
        ...task,
        end: 'skipped-by-person',
        endedAt: at,
        skipped: { by: entry.by.person, agreedBy: entry.agreedBy, reason: entry.reason },
      }));
    case 'task-stuck':
      return failStep(next, entry.task, entry.direction, entry.because);
    case 'retry-asked':
      return retryStep(next, entry.task);
    case 'run-held':
      return {
        ...next,
        hold: { because: entry.because, since: at, ...(entry.by ? { by: entry.by.person } : {}) },
      };
    case 'run-resumed': {
      const { hold: _, ...rest } = next;
      return checkAgain(rest);
    }
    case 'operator-changed':
      return { ...next, operator: entry.to };
    case 'abort-asked': {
      const { hold: _, ...rest } = next;
      const abort = { by: entry.by.person, reason: entry.reason, at };
      return lapseGates({ ...rest, abort }, `the run is aborted by ${entry.by.person}`, at);
    }
    case 'rollback-started':
      return { ...next, rollback: entry.tasks };
    case 'undo-passed-over':
      return withTask(next, entry.task, (task) => ({
        ...task,
        leftAsIs: { because: entry.because, possible: entry.possible },
      }));
    case 'recovered':
      return checkAgain({ ...next, recoveries: next.recoveries + (entry.urgent === false ? 0 : 1) });
    case 'alarm':
      return { ...next, alarms: [...next.alarms, entry.about] };
    case 'run-ended':
      return lapseGates(
        {
          ...next,
          stage: 'ended',
          ended: { result: entry.result, because: entry.because, at, counts: entry.counts },
        },
        'the run has ended',
        at,
      );
    default:
      return assertNever(entry, 'journal entry');
  }
}

/** The state of a run from all its entries, or undefined when there are none. */
export function foldRun(entries: readonly Recorded[]): RunState | undefined {
  return entries.reduce<RunState | undefined>((state, recorded) => evolve(state, recorded), undefined);
}

function requested(recorded: Recorded, entry: Entry & { kind: 'run-requested' }): RunState {
  const { runbook, version, params, mode, reason, description, plan, policy, event } = entry;
  return {
    run: recorded.run,
    seq: recorded.seq,
    updatedAt: recorded.at,
    runbook,
    version,
    params,
    mode,
    reason,
    requestedBy: entry.by,
    requestedAt: recorded.at,
    operator: entry.by.person,
    ...(event === undefined ? {} : { event }),
    description,
    plan,
    planned: Object.fromEntries(plan.phases.map((phase) => [phase.id, phase])),
    policy,
    stage: 'requested',
    phases: {},
    tasks: {},
    gates: [],
    fences: {},
    appliedOrder: [],
    recoveries: 0,
    alarms: [],
  };
}

function passedOver(because: 'live-test' | 'emergency' | 'dry-run'): TaskState['end'] & string {
  return because === 'live-test'
    ? 'skipped-in-live-test'
    : because === 'emergency'
      ? 'skipped-in-emergency'
      : 'shown';
}

/** A person's word ends a manual task, unless something of it can be observed: then it is still to be verified. */
function confirmed(
  state: RunState,
  entry: Entry & { kind: 'task-confirmed' },
  at: RunState['updatedAt'],
): RunState {
  const by = { by: entry.by.person, at };
  if (entry.direction === 'back')
    return withTask(state, entry.task, (task) => ({
      ...task,
      backConfirmed: by,
      back: { ...(task.back ?? freshProgress), stage: 'proven' },
      end: 'taken-back',
      endedAt: at,
    }));
  const next = withTask(state, entry.task, (task) => ({
    ...task,
    confirmed: by,
    forward: {
      ...task.forward,
      stage: 'applied',
      appliedAt: { earliest: task.asked?.since ?? at, latest: at },
    },
    ...(entry.then === 'verify' ? {} : { end: 'confirmed' as const, endedAt: at }),
  }));
  return { ...next, appliedOrder: [...next.appliedOrder.filter((id) => id !== entry.task), entry.task] };
}

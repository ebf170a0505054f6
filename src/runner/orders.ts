import type { RoleName } from '../domain/names.js';
import { listed } from '../domain/text.js';
import { tally } from '../access/tally.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import { type ResolvedTask, findTask } from '../runbook/resolve.js';
import type { TaskId } from '../runbook/task.js';
import { nextGateId } from './decide.js';
import { gateTitle, needsText } from './gate-words.js';
import { hasEnded, namedTask, nothingOpen, unknownTask, waitingText } from './order-refusals.js';
import type { Direction, Entry, GateId, Said, Verdict } from './entry.js';
import type { PreparedRun } from './prepared-run.js';
import { type Result, done, refused } from './refusal.js';
import { type Gate, type RunState, openGates, taskState, waitsForWord } from './run-state.js';
import type { Instant } from '../domain/instant.js';

/** Somebody who orders something of a run. */
export interface Caller {
  readonly said: Said;
  readonly roles: readonly RoleName[];
}

/** What an order is judged by. */
export interface OrderContext {
  readonly run: PreparedRun;
  readonly state: RunState;
  readonly caller: Caller;
  readonly now: Instant;
}

/** An order either becomes exactly one entry, or is refused. All of these are pure. */
export type Order = (context: OrderContext) => Result<Entry>;

export function voteOrder(verdict: Verdict, on: 'request' | 'gate', gateId?: GateId, note?: string): Order {
  return ({ state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    const open = openGates(state).filter((gate) => (gate.for.kind === 'request') === (on === 'request'));
    if (open.length === 0)
      return refused(
        `run ${state.run} has no open ${on === 'request' ? 'request' : 'gate'}`,
        nothingOpen(state),
      );
    const gate = gateId === undefined ? open[0] : open.find((candidate) => candidate.id === gateId);
    const names = open.map((candidate) => `${candidate.id} (${gateTitle(candidate)})`);
    if (gate === undefined) return refused(`${gateId ?? ''} is not open`, `one of ${listed(names, 'or')}`);
    if (gateId === undefined && open.length > 1)
      return refused(`${open.length} gates are open`, `name the one you mean: ${listed(names, 'or')}`);
    if (caller.said.person === gate.asker) {
      const instead = verdict === 'nogo' ? '; to stop it yourself use `hold` or `abort`' : '';
      return refused(
        'you asked for this yourself, so your own answer does not count',
        `${needsText(gate.policy)}${instead}`,
      );
    }
    if (!caller.roles.some((held) => gate.policy.mayAnswer.includes(held)))
      return refused(`${caller.said.person} may not answer here`, needsText(gate.policy));
    return done({
      kind: 'vote-cast',
      gate: gate.id,
      by: caller.said,
      roles: caller.roles,
      verdict,
      digest: gate.digest,
      ...(note === undefined || note === '' ? {} : { note }),
    });
  };
}

/** As long as the gate is open; what was enough has already been counted. */
export function withdrawOrder(on: 'request' | 'gate', gateId?: GateId): Order {
  return ({ state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    const own = openGates(state).filter(
      (gate) => (gate.for.kind === 'request') === (on === 'request') && voted(gate, caller),
    );
    const named = gateId === undefined ? own : own.filter((gate) => gate.id === gateId);
    const [gate, ...others] = named.filter(
      (candidate) => tally(candidate, candidate.votes).verdict === 'open',
    );
    if (gate === undefined)
      return refused(
        `${caller.said.person} has given no answer that could be taken back`,
        nothingOpen(state),
      );
    if (others.length > 0)
      return refused(
        `you have answered at ${others.length + 1} gates`,
        `name the one you mean: ${listed(
          named.map(({ id }) => id),
          'or',
        )}`,
      );
    return done({ kind: 'vote-withdrawn', gate: gate.id, by: caller.said });
  };
}

export function holdOrder(reason: string): Order {
  return ({ state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    if (state.hold !== undefined)
      return refused(`run ${state.run} is on hold already: ${state.hold.because}`, '`resume` to go on');
    return done({ kind: 'run-held', because: `held by ${caller.said.person}: ${reason}`, by: caller.said });
  };
}

export function resumeOrder(): Order {
  return ({ state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    if (state.hold === undefined)
      return refused(`run ${state.run} is not on hold`, '`why` tells what it waits for');
    return done({ kind: 'run-resumed', by: caller.said });
  };
}

export function retryOrder(taskId?: TaskId): Order {
  return ({ run, state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    const failed = failedTasks(state);
    if (taskId === undefined && failed.length > 1)
      return refused('several tasks wait for this', `\`retry TASK\`: ${listed(failed, 'or')}`);
    const named = taskId === undefined ? failed[0] : namedTask(run, taskId);
    if (named === undefined)
      return taskId === undefined
        ? refused('no task has failed', '`why` tells what the run waits for')
        : unknownTask(run, taskId);
    if (!failed.includes(named))
      return refused(
        `${named} has not failed`,
        failed.length === 0 ? '`why` tells what the run waits for' : listed(failed, 'or'),
      );
    return done({ kind: 'retry-asked', task: named, by: caller.said });
  };
}

/** Skipping asks for a second person's GO; in the read-only window there is nothing that may be left out. */
export function skipOrder(taskId: TaskId, reason: string, policy: ApprovalPolicy): Order {
  return ({ run, state, caller, now }) => {
    if (state.stage !== 'running')
      return state.stage === 'ended'
        ? hasEnded(state)
        : refused('the run has not started', 'approvals first; `why` tells which');
    const named = namedTask(run, taskId);
    const task = named === undefined ? undefined : findTask(run.phases, named);
    if (task === undefined) return unknownTask(run, taskId);
    const phase = run.phases.find((candidate) => candidate.id === task.phase);
    if (state.abort !== undefined)
      return refused('the run is being rolled back', '`retry` the step, or confirm it by name with `done`');
    if (phase?.urgent === true)
      return refused(
        `${task.id} is part of the read-only window (phases 2 to 7), where nothing may be left out`,
        '`retry` it, or `abort` to roll back',
      );
    if (taskState(state, task.id).end !== undefined)
      return refused(`${task.id} is through already`, '`status` tells what is left');
    const asked = openGates(state).find((gate) => gate.for.kind === 'skip' && gate.for.task === task.id);
    if (asked !== undefined)
      return refused(
        `skipping ${task.id} was asked by ${asked.asker} already (${asked.id})`,
        needsText(asked.policy),
      );
    return done({
      kind: 'gate-opened',
      gate: nextGateId(state),
      for: { kind: 'skip', task: task.id, reason, by: caller.said },
      policy,
      digest: state.plan.digest,
      expiresAt: (now + policy.expiresAfter) as Instant,
      asker: caller.said.person,
    });
  };
}

export function abortOrder(reason: string): Order {
  return ({ run, state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    if (state.abort !== undefined)
      return refused(
        `run ${state.run} is being aborted already, by ${state.abort.by}`,
        '`status` shows how far it is',
      );
    const point = run.pointOfNoReturn;
    const passed = point !== undefined && taskState(state, point.task).forward.applyStarted !== undefined;
    if (passed)
      return refused(
        `${point.task} has begun: only forward is possible. ${point.because}`,
        '`retry` what failed, or `hold` to pause',
      );
    return done({ kind: 'abort-asked', by: caller.said, reason });
  };
}

export function confirmOrder(taskId: TaskId, note?: string): Order {
  return ({ run, state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    const named = namedTask(run, taskId);
    const task = named === undefined ? undefined : findTask(run.phases, named);
    if (task === undefined) return unknownTask(run, taskId);
    const own = taskState(state, task.id);
    const direction: Direction = state.rollback === undefined ? 'forward' : 'back';
    const failedBack = direction === 'back' && own.back?.stage === 'failed';
    if (!waitsForWord(state, own) && !failedBack)
      return refused(
        `${task.id} does not wait for a person`,
        waitingText(state) ?? '`why` tells what the run waits for',
      );
    if (!mayConfirm(task, state, caller, failedBack))
      return refused(
        `${caller.said.person} may not confirm ${task.id}`,
        `the run's operator (${state.operator})${assigned(task)}`,
      );
    const then =
      direction === 'forward' && task.does === 'ask' && task.manual.verify !== undefined
        ? ({ then: 'verify' } as const)
        : {};
    return done({
      kind: 'task-confirmed',
      task: task.id,
      direction,
      by: caller.said,
      ...(note === undefined || note === '' ? {} : { note }),
      ...then,
    });
  };
}

export function takeOrder(): Order {
  return ({ state, caller }) => {
    if (state.stage === 'ended') return hasEnded(state);
    if (state.operator === caller.said.person) return refused(`run ${state.run} is yours already`, 'nothing');
    return done({ kind: 'operator-changed', to: caller.said.person, by: caller.said });
  };
}

export { gateTitle, needsText } from './gate-words.js';

export function failedTasks(state: RunState): TaskId[] {
  const back = state.rollback !== undefined;
  return Object.entries(state.tasks)
    .filter(
      ([, task]) =>
        (back ? task.back?.stage : task.forward.stage) === 'failed' &&
        (back ? task.end !== 'taken-back' : task.end === undefined),
    )
    .map(([id]) => id);
}

const voted = (gate: Gate, caller: Caller): boolean =>
  gate.votes.some((vote) => vote.by.person === caller.said.person);

function mayConfirm(task: ResolvedTask, state: RunState, caller: Caller, failedBack: boolean): boolean {
  if (caller.said.person === state.operator) return true;
  return !failedBack && task.does === 'ask' && caller.roles.includes(task.manual.assignedTo);
}

function assigned(task: ResolvedTask): string {
  return task.does === 'ask' ? ` or anyone with the role ${task.manual.assignedTo}` : '';
}

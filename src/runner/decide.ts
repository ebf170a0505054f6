import type { Instant } from '../domain/instant.js';
import { tally } from '../access/tally.js';
import type { ResolvedPhase } from '../runbook/resolve.js';
import { decideAlarms } from './decide-alarms.js';
import { decideGate } from './decide-gate.js';
import { decideRollback } from './decide-rollback.js';
import { decideTask, taskIsThrough } from './decide-task.js';
import { endOf } from './end-of-run.js';
import type { Entry } from './entry.js';
import type { Intent } from './intent.js';
import type { PreparedRun } from './prepared-run.js';
import { type Gate, type RunState, taskState } from './run-state.js';

/**
 * What comes next in a run: everything that may be done at this instant, and until when to wait otherwise. Pure and
 * total: it reads the journal's meaning and the time, nothing else, so a restarted process decides the same.
 */
export function decide(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  if (state.stage === 'ended') return [];
  const gates = state.gates.flatMap((gate) => decideGate(gate, now, state.hold === undefined));
  const skips = state.abort === undefined ? state.gates.flatMap((gate) => skipIntents(gate, state)) : [];
  const side = [...gates, ...skips, ...decideAlarms(run, state, now)];
  if (state.stage === 'requested') return [...side, ...decideRequest(state)];
  if (state.leaseLost !== undefined) return [...side, { kind: 'regain-locks' }];
  if (state.hold !== undefined) return side;
  if (state.abort !== undefined) return [...side, ...decideRollback(run, state, now)];
  return [...side, ...decidePhases(run, state, now)];
}

function decideRequest(state: RunState): Intent[] {
  if (state.abort !== undefined)
    return [
      {
        kind: 'append',
        entry: endOf(state, 'ABORTED', `withdrawn by ${state.abort.by}: ${state.abort.reason}`),
      },
    ];
  const gate = state.gates.findLast((candidate) => candidate.for.kind === 'request');
  const isAsked = state.policy.approvals > 0 || state.policy.needs.length > 0;
  if (isAsked && gate === undefined) return [{ kind: 'append', entry: requestGate(state) }];
  if (state.hold !== undefined) return [];
  if (!isAsked || gate?.settled?.verdict === 'go') return [{ kind: 'begin' }];
  // After a NOGO, or after nobody answered, and a `resume`: people are asked anew.
  return gate?.settled === undefined ? [] : [{ kind: 'open-gate', for: { kind: 'request' } }];
}

function requestGate(state: RunState): Entry & { kind: 'gate-opened' } {
  return {
    kind: 'gate-opened',
    gate: nextGateId(state),
    for: { kind: 'request' },
    policy: state.policy,
    digest: state.plan.digest,
    expiresAt: (state.requestedAt + state.policy.expiresAfter) as Instant,
    asker: state.requestedBy.person,
  };
}

/** `g1`, `g2` …: what a vote names. Pure. */
export function nextGateId(state: RunState): string {
  return `g${state.gates.length + 1}`;
}

function skipIntents(gate: Gate, state: RunState): Intent[] {
  if (gate.for.kind !== 'skip' || gate.settled?.verdict !== 'go') return [];
  const task = taskState(state, gate.for.task);
  if (task.end !== undefined || task.forward.running !== undefined) return [];
  const agreedBy = tally(gate, gate.votes).counted;
  const { by, reason } = gate.for;
  return [{ kind: 'append', entry: { kind: 'task-skipped', task: gate.for.task, by, agreedBy, reason } }];
}

function decidePhases(run: PreparedRun, state: RunState, now: Instant): Intent[] {
  for (const [index, phase] of run.phases.entries()) {
    const progress = state.phases[phase.id];
    if (progress?.endedAt !== undefined) continue;
    if (progress === undefined) return enterPhase(phase, state, now);
    const deferred = run.phases.slice(0, index).flatMap((earlier) => earlier.tasks);
    const concerned = [
      ...deferred.filter((task) => taskState(state, task.id).end === undefined),
      ...phase.tasks,
    ];
    const intents = concerned.flatMap((task) => decideTask(run, phase, task, state, now));
    if (concerned.every((task) => taskIsThrough(phase, task, state)))
      return [...intents, { kind: 'append', entry: { kind: 'phase-ended', phase: phase.id } }];
    return intents;
  }
  const result = endOf(
    state,
    'PASS',
    'every task was observed, confirmed, or passed over by its own answer',
    run,
  );
  return [{ kind: 'append', entry: result }];
}

function enterPhase(phase: ResolvedPhase, state: RunState, now: Instant): Intent[] {
  if (phase.gate !== undefined) {
    const gate = state.gates.findLast(
      (candidate) => candidate.for.kind === 'phase' && candidate.for.phase === phase.id,
    );
    // After a NOGO and a `resume`, the question is asked anew.
    if (gate === undefined || (gate.settled !== undefined && gate.settled.verdict !== 'go'))
      return [{ kind: 'open-gate', for: { kind: 'phase', phase: phase.id } }];
    if (gate.settled === undefined) return [];
  }
  if (phase.notBefore !== undefined && now < phase.notBefore)
    return [{ kind: 'wait', until: phase.notBefore }];
  return [{ kind: 'append', entry: { kind: 'phase-started', phase: phase.id } }];
}

import type { Instant } from '../domain/instant.js';
import type { Entry } from './entry.js';
import type { Gate, RunState } from './run-state.js';

type Of<K extends Entry['kind']> = Entry & { kind: K };

/** A gate opens with no votes: whatever was said at an earlier one of the same kind has lapsed. */
export function openGate(state: RunState, entry: Of<'gate-opened'>, at: Instant): RunState {
  const gate: Gate = {
    id: entry.gate,
    for: entry.for,
    policy: entry.policy,
    digest: entry.digest,
    openedAt: at,
    expiresAt: entry.expiresAt,
    asker: entry.asker,
    votes: [],
    changed: (entry.difference?.length ?? 0) > 0,
  };
  return { ...withPlan(state, entry.plan), gates: [...state.gates, gate] };
}

/** The plan as it is now, where it was made anew; phases that it does not speak of keep theirs. */
export function withPlan(state: RunState, plan = state.plan): RunState {
  const planned = { ...state.planned };
  for (const phase of plan.phases) planned[phase.id] = phase;
  return { ...state, plan, planned };
}

export function evolveGate(state: RunState, entry: Of<'vote-cast'>, at: Instant): RunState {
  const { by, roles, verdict, digest, note } = entry;
  return withGate(state, entry.gate, (gate) => ({
    ...gate,
    votes: [...gate.votes, { by, roles, verdict, digest, at, ...(note === undefined ? {} : { note }) }],
  }));
}

/** Whichever identity the votes were given by: they are the person's. */
export function withdrawVote(state: RunState, { gate: id, by }: Of<'vote-withdrawn'>): RunState {
  return withGate(state, id, (gate) => ({
    ...gate,
    votes: gate.votes.filter((vote) => vote.by.person !== by.person),
  }));
}

export function remindGate(state: RunState, { gate: id, how }: Of<'gate-reminded'>): RunState {
  return withGate(state, id, (gate) => ({ ...gate, reminded: how }));
}

/** NOGO, or nobody in time, puts the run on hold, a request as well; a skip simply does not happen. */
export function settleGate(state: RunState, entry: Of<'gate-settled'>, at: Instant): RunState {
  const settled = { verdict: entry.verdict, because: entry.because, at };
  const next = withGate(state, entry.gate, (gate) => ({ ...gate, settled }));
  const gate = next.gates.find((candidate) => candidate.id === entry.gate);
  if (entry.verdict === 'go' || gate === undefined || gate.for.kind === 'skip') return next;
  const note =
    entry.verdict === 'nogo' ? gate.votes.findLast(({ verdict }) => verdict === 'nogo')?.note : undefined;
  return {
    ...next,
    hold: { because: note === undefined ? entry.because : `${entry.because}: ${note}`, since: at },
  };
}

/** What is still asked is no longer a question, and holds nothing up. */
export function lapseGates(state: RunState, because: string, at: Instant): RunState {
  const settled = { verdict: 'expired', because, at } as const;
  return {
    ...state,
    gates: state.gates.map((gate) => (gate.settled === undefined ? { ...gate, settled } : gate)),
  };
}

function withGate(state: RunState, id: string, change: (gate: Gate) => Gate): RunState {
  return { ...state, gates: state.gates.map((gate) => (gate.id === id ? change(gate) : gate)) };
}

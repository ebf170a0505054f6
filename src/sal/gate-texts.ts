import { assertNever } from '../domain/assert-never.js';
import { plural } from '../domain/text.js';
import type { Entry } from '../runner/entry.js';
import type { Gate, RunState } from '../runner/run-state.js';
import { actor, runNumber } from './sal-line.js';

type Of<K extends Entry['kind']> = Entry & { kind: K };

/** `GO - switchdc mediawiki phase 2 Read-only, bob (run 41)`: who said what, about what. Pure. */
export function voteText(run: RunState, { gate, verdict, by, note }: Of<'vote-cast'>): string {
  const said = note === undefined ? '' : `: ${note}`;
  return `${verdict === 'go' ? 'GO' : 'NOGO'} by ${by.person} - ${subject(run, gate)} ${runNumber(run)}${said}`;
}

/** `WITHDRAWN by bob - …`: a vote that no longer counts. Pure. */
export function voteWithdrawnText(run: RunState, { gate, by }: Of<'vote-withdrawn'>): string {
  return `VOTE WITHDRAWN by ${by.person} - ${subject(run, gate)} ${runNumber(run)}`;
}

/** How a gate was decided, and why. Pure. */
export function settledText(run: RunState, { gate, verdict, because }: Of<'gate-settled'>): string {
  return `${SETTLED[verdict]} - ${subject(run, gate)}: ${because} ${runNumber(run)}`;
}

/** A gate asked anew because the plan is no longer the one that was voted on. Pure. */
export function planChangedText(run: RunState, entry: Of<'gate-opened'>): string | undefined {
  const changes = entry.difference?.length ?? 0;
  if (changes === 0) return undefined;
  return `The plan changed in ${plural(changes, 'place')}, earlier votes have lapsed - ${subject(run, entry.gate)} ${runNumber(run)}`;
}

const SETTLED = { go: 'GATE PASSED', nogo: 'GATE REFUSED', expired: 'GATE EXPIRED' } as const;

function subject(run: RunState, id: string): string {
  const gate = run.gates.find((candidate) => candidate.id === id);
  return `${actor(run)} ${gate === undefined ? `gate ${id}` : gateText(run, gate)}`;
}

function gateText(run: RunState, gate: Gate): string {
  switch (gate.for.kind) {
    case 'request':
      return 'request';
    case 'phase':
      return phaseName(run, gate.for.phase);
    case 'skip':
      return `skip of ${gate.for.task}`;
    default:
      return assertNever(gate.for, 'gate');
  }
}

/** `phase 2 (Read-only)`, with the title that was planned. Pure. */
export function phaseName(run: RunState, phase: string): string {
  const title = run.planned[phase]?.title;
  return title === undefined ? `phase ${phase}` : `phase ${phase} (${title})`;
}

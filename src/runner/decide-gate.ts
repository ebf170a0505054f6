import { type Instant, plus } from '../domain/instant.js';
import { tally } from '../access/tally.js';
import type { Reminder, Verdict } from './entry.js';
import type { Intent } from './intent.js';
import type { Gate } from './run-state.js';

/**
 * An open gate settles by its votes, or by its deadline; until then it is told again, each time louder. `asks`: whether
 * anything follows from an answer now; a run on hold does not call people. Pure.
 */
export function decideGate(gate: Gate, now: Instant, asks: boolean): Intent[] {
  if (gate.settled !== undefined) return [];
  const { verdict, because } = tally(gate, gate.votes);
  if (verdict !== 'open') return [settled(gate, verdict, because)];
  if (now >= gate.expiresAt) return [settled(gate, 'expired', `no answer in time: ${because}`)];
  return [{ kind: 'wait', until: gate.expiresAt }, ...(asks ? remind(gate, now) : [])];
}

function settled(gate: Gate, verdict: Verdict | 'expired', because: string): Intent {
  return { kind: 'append', entry: { kind: 'gate-settled', gate: gate.id, verdict, because } };
}

const LOUDNESS: readonly Reminder[] = ['again', 'mention', 'direct'];

/**
 * The loudest that is due, once: a process that comes late does not tell one after the other what it has missed, and
 * one that begins anew reads in the journal what has been told.
 */
function remind(gate: Gate, now: Instant): Intent[] {
  const left = dueTimes(gate).filter(({ how }) => loudness(how) > loudness(gate.reminded));
  const due = left.findLast(({ at }) => at <= now);
  if (due !== undefined)
    return [{ kind: 'append', entry: { kind: 'gate-reminded', gate: gate.id, how: due.how } }];
  return left.slice(0, 1).map(({ at }) => ({ kind: 'wait', until: at }));
}

function dueTimes({ policy, openedAt, expiresAt }: Gate): { readonly how: Reminder; readonly at: Instant }[] {
  const { rollCall } = policy;
  if (rollCall === undefined) return [];
  const { remindAfter, mentionAfter, directAfter } = rollCall;
  const lengths = [remindAfter, mentionAfter, directAfter];
  return LOUDNESS.map((how, index) => ({ how, at: plus(openedAt, lengths[index] ?? 0) })).filter(
    ({ at }) => at < expiresAt,
  );
}

const loudness = (how: Reminder | undefined): number => (how === undefined ? -1 : LOUDNESS.indexOf(how));

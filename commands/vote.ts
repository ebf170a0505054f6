import type { Capability } from '../src/access/capability.js';
import { tally } from '../src/access/tally.js';
import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { type Message, say } from '../src/chat/message.js';
import { flag, rest, toggle } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import type { Entry, Verdict } from '../src/runner/entry.js';
import { needsText, voteOrder, withdrawOrder } from '../src/runner/orders.js';
import type { RunView, Runner } from '../src/runner/runner.js';
import { orderCommand } from './order-command.js';
import { runNumber } from './run-number.js';

interface VoteWords {
  readonly words: readonly string[];
  readonly tried?: readonly string[];
  readonly summary: string;
  readonly example: string;
  readonly requires: Capability;
  readonly verdict: Verdict;
  readonly on: 'request' | 'gate';
}

interface VoteArgs {
  readonly run: number | undefined;
  readonly note: readonly string[];
  readonly gate: string | undefined;
  readonly withdraw: boolean;
}

/** The four words by which people answer: the same command with other words. */
export function voteCommand(runner: Runner, { verdict, on, ...words }: VoteWords): Command<VoteArgs> {
  return orderCommand(runner, {
    ...words,
    grammar: grammar({
      run: runNumber,
      note: rest({ name: 'NOTE', means: 'why, for the record', value: anyText() }),
      gate: flag({ name: 'gate', means: 'which gate, where several are open', value: anyText('GATE') }),
      withdraw: toggle({ name: 'withdraw', means: 'take your own answer back, while it is open' }),
    }),
    order: ({ gate, note, withdraw }) =>
      withdraw ? withdrawOrder(on, gate) : voteOrder(verdict, on, gate, note.join(' ')),
    reply: countedText,
  });
}

/** Whose answer it is and what for, everybody sees in the channel: the one who gave it learns what is missing yet. */
function countedText(entry: Entry, view: RunView): Message {
  const id = 'gate' in entry ? entry.gate : undefined;
  const gate = view.state.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) return say(`Run ${view.state.run}: noted.`);
  if (entry.kind === 'vote-withdrawn') return say(`Run ${view.state.run}: your answer is taken back.`);
  const { verdict, missing } = tally(gate, gate.votes);
  switch (verdict) {
    case 'go':
      return say(`Run ${view.state.run}: counted, and that is enough.`);
    case 'nogo':
      return say(`Run ${view.state.run}: counted; one NOGO is enough.`);
    case 'open': {
      const approvals = Math.max(missing.approvals, missing.roles.length);
      const rest = needsText({ ...gate.policy, approvals, needs: missing.roles });
      const own = gate.votes.filter((vote) => 'by' in entry && vote.by.person === entry.by?.person);
      const counted = own.length > 1 ? 'a person counts once, from whichever chat' : 'counted';
      return say(`Run ${view.state.run}: ${counted}; still needed: ${rest}.`);
    }
  }
}

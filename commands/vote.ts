import type { Capability } from '../src/access/capability.js';
import { tally } from '../src/access/tally.js';
import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { type Message, say } from '../src/chat/message.js';
import { flag, rest } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import type { Entry, Verdict } from '../src/runner/entry.js';
import { gateTitle, voteOrder } from '../src/runner/orders.js';
import type { RunView, Runner } from '../src/runner/runner.js';
import { giveOrder } from './give-order.js';
import { runNumber } from './run-number.js';

interface VoteWords {
  readonly words: readonly string[];
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
}

/** The four words by which people answer: the same command with other words. */
export function voteCommand(runner: Runner, spec: VoteWords): Command<VoteArgs> {
  return {
    words: spec.words,
    summary: spec.summary,
    example: spec.example,
    requires: spec.requires,
    writes: true,
    grammar: grammar({
      run: runNumber,
      note: rest({ name: 'NOTE', means: 'why, for the record', value: anyText() }),
      gate: flag({ name: 'gate', means: 'which gate, where several are open', value: anyText('GATE') }),
    }),
    run: (args, call) =>
      giveOrder(
        runner,
        call,
        args.run,
        voteOrder(spec.verdict, spec.on, args.gate, args.note.join(' ')),
        countedText,
      ),
  };
}

function countedText(entry: Entry, view: RunView): Message {
  const vote = entry.kind === 'vote-cast' ? entry : undefined;
  const gate = view.state.gates.find((candidate) => candidate.id === vote?.gate);
  if (vote === undefined || gate === undefined) return say(`Run ${view.state.run}: noted.`);
  const counted = tally(gate, gate.votes);
  const word = vote.verdict === 'go' ? 'GO' : 'NOGO';
  return say(
    `Run ${view.state.run}: ${word} from ${vote.by.person} for ${gateTitle(gate)}. ${sentence(counted.because)}`,
  );
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

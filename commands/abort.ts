import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { requiredFlag } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { abortOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder, told } from './give-order.js';
import { runNumber } from './run-number.js';

export const abort = (runner: Runner): Command<unknown> => {
  const command: Command<{ run: number | undefined; reason: string }> = {
    words: ['abort'],
    summary: 'stop a run and take back what it did, as long as that is possible',
    example: 'abort 41 --reason "edits fail on s4"',
    requires: 'operate',
    writes: true,
    grammar: grammar({
      run: runNumber,
      reason: requiredFlag({ name: 'reason', means: 'why, for the record', value: anyText() }),
    }),
    run: ({ run, reason }, call) =>
      giveOrder(
        runner,
        call,
        run,
        abortOrder(reason),
        told('aborted. What it did is taken back, in reverse order, each step checked.'),
      ),
  };
  return command;
};

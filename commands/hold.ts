import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { requiredFlag } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { holdOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder, told } from './give-order.js';
import { runNumber } from './run-number.js';

export const hold = (runner: Runner): Command<unknown> => {
  const command: Command<{ run: number | undefined; reason: string }> = {
    words: ['hold', 'pause'],
    summary: 'start nothing new in a run until somebody says resume',
    example: 'hold 41 --reason "replication looks odd"',
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
        holdOrder(reason),
        told('on hold. What is running ends; nothing new begins until `resume`.'),
      ),
  };
  return command;
};

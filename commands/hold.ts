import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { requiredFlag } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { holdOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand, told } from './order-command.js';
import { runNumber } from './run-number.js';

export const hold = (runner: Runner): Command<unknown> =>
  orderCommand<{ run: number | undefined; reason: string }>(runner, {
    words: ['hold', 'pause'],
    tried: ['stop', 'halt'],
    summary: 'start nothing new in a run until somebody says resume',
    example: 'hold 41 --reason "replication looks odd"',
    requires: 'operate',
    grammar: grammar({
      run: runNumber,
      reason: requiredFlag({ name: 'reason', means: 'why, for the record', value: anyText() }),
    }),
    order: ({ reason }) => holdOrder(reason),
    reply: told('what is running ends, and nothing new begins until `resume`.'),
  });

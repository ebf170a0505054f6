import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { optional } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { retryOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder, told } from './give-order.js';
import { runNumber } from './run-number.js';

export const retry = (runner: Runner): Command<unknown> => {
  const command: Command<{ run: number | undefined; task: string | undefined }> = {
    words: ['retry'],
    summary: 'try a task again that could not go on',
    example: 'retry 41 03-wait-until-in-sync',
    requires: 'operate',
    writes: true,
    grammar: grammar({
      run: runNumber,
      task: optional({
        name: 'TASK',
        means: 'the task; left out, the one that failed',
        value: anyText('TASK'),
      }),
    }),
    run: ({ run, task }, call) =>
      giveOrder(runner, call, run, retryOrder(task), told('tried again, from its check.')),
  };
  return command;
};

import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { say } from '../src/chat/message.js';
import { optional } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { retryOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand } from './order-command.js';
import { runNumber } from './run-number.js';

export const retry = (runner: Runner): Command<unknown> =>
  orderCommand<{ run: number | undefined; task: string | undefined }>(runner, {
    words: ['retry'],
    tried: ['again', 'repeat'],
    summary: 'try a task again that could not go on',
    example: 'retry 41 03-wait-until-in-sync',
    requires: 'operate',
    grammar: grammar({
      run: runNumber,
      task: optional({
        name: 'TASK',
        means: 'the task; left out, the one that failed',
        value: anyText('TASK'),
      }),
    }),
    order: ({ task }) => retryOrder(task),
    reply: (entry, { state: { run } }) =>
      say(`Run ${run}: ${entry.kind === 'retry-asked' ? entry.task : 'it'} begins again with its check.`),
  });

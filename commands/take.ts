import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { say } from '../src/chat/message.js';
import { takeOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand } from './order-command.js';
import { runNumber } from './run-number.js';

export const take = (runner: Runner): Command<unknown> =>
  orderCommand<{ run: number | undefined }>(runner, {
    words: ['take'],
    summary: 'take a run over: you are its operator from now on, and everybody is told',
    example: 'take 41',
    requires: 'operate',
    grammar: grammar({ run: runNumber }),
    order: takeOrder,
    reply: (_entry, { state: { run } }) =>
      say(`Run ${run} is yours. `, { command: `why ${run}` }, ' tells what it waits for.'),
  });

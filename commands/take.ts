import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { takeOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder, told } from './give-order.js';
import { runNumber } from './run-number.js';

export const take = (runner: Runner): Command<unknown> => {
  const command: Command<{ run: number | undefined }> = {
    words: ['take'],
    summary: 'take a run over: you are its operator from now on',
    example: 'take 41',
    requires: 'operate',
    writes: true,
    grammar: grammar({ run: runNumber }),
    run: ({ run }, call) =>
      giveOrder(runner, call, run, takeOrder(), told(`${call.said?.person ?? 'you'} runs it now.`)),
  };
  return command;
};

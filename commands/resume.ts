import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { resumeOrder } from '../src/runner/orders.js';
import { say } from '../src/chat/message.js';
import { answered } from '../src/chat/reply.js';
import { whichRun } from '../src/runner/which-run.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder, told } from './give-order.js';
import { runNumber } from './run-number.js';

/** Also drives a run that an earlier process left, where no service does. */
export const resume = (runner: Runner): Command<unknown> => {
  const command: Command<{ run: number | undefined }> = {
    words: ['resume'],
    summary: 'let a run that is on hold go on',
    example: 'resume 41',
    requires: 'operate',
    writes: true,
    grammar: grammar({ run: runNumber }),
    async run({ run }, call) {
      const which = await whichRun(runner, run);
      const left = which.ok && which.value.state.stage !== 'ended' && !runner.isDriven(which.value.state.run);
      if (left) void runner.drive(which.value.state.run);
      if (left && which.value.state.hold === undefined)
        return answered(say(`Run ${which.value.state.run} is taken up again.`), {
          run: which.value.state.run,
          entry: 'taken-up',
        });
      return giveOrder(runner, call, run, resumeOrder(), told('goes on.'));
    },
  };
  return command;
};

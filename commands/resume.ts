import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { resumeOrder } from '../src/runner/orders.js';
import { say } from '../src/chat/message.js';
import { answered } from '../src/chat/reply.js';
import { whichRun } from '../src/runner/which-run.js';
import type { RunView, Runner } from '../src/runner/runner.js';
import { answeredAgain, giveOrder, orderObjection, type OrderReply } from './order-command.js';
import { runNumber } from './run-number.js';

/** Also drives a run that an earlier process left, where no service does. */
export const resume = (runner: Runner): Command<unknown> => {
  const leftBehind = async (named: number | undefined): Promise<RunView | undefined> => {
    const which = await whichRun(runner, named);
    if (!which.ok || which.value.state.stage === 'ended') return undefined;
    return runner.isDriven(which.value.state.run) ? undefined : which.value;
  };
  const command: Command<{ run: number | undefined }> = {
    words: ['resume'],
    tried: ['continue', 'proceed', 'unpause'],
    summary: 'let a run that is on hold go on',
    example: 'resume 41',
    requires: 'operate',
    writes: true,
    grammar: grammar({ run: runNumber }),
    objection: async ({ run }, call) =>
      (await leftBehind(run)) === undefined ? orderObjection(runner, call, run, resumeOrder()) : undefined,
    async run({ run }, call) {
      const again = await answeredAgain(runner, call, goesOn);
      if (again !== undefined) return again;
      const left = await leftBehind(run);
      if (left !== undefined) void runner.drive(left.state.run);
      if (left !== undefined && left.state.hold === undefined)
        return answered(say(`Run ${left.state.run} is taken up again.`), {
          run: left.state.run,
          entry: 'taken-up',
        });
      return giveOrder(runner, call, run, resumeOrder(), goesOn);
    },
  };
  return command;
};

const goesOn: OrderReply = (_entry, { state }) =>
  say(
    `Run ${state.run} goes on; `,
    { command: `why ${state.run}` },
    ' tells what it waits for, if anything.',
  );

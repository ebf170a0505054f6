import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import type { ApprovalPolicy } from '../src/runbook/approval-policy.js';
import { say } from '../src/chat/message.js';
import { flag, required, requiredFlag } from '../src/chat/parameter.js';
import { anyText, wholeNumber } from '../src/chat/value.js';
import { needsText, skipOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder } from './give-order.js';

/** Only outside of the read-only window, and only with a second person's GO; the run then ends FAIL (incomplete). */
export const skip = (runner: Runner, policy: ApprovalPolicy): Command<unknown> => {
  const command: Command<{ task: string; run: number | undefined; reason: string }> = {
    words: ['skip'],
    summary: 'leave a task out (phases 0, 1, 8 to 10; a second person has to say GO)',
    example: 'skip 00-warm-up-caches --reason "warmed up by hand"',
    requires: 'operate',
    writes: true,
    grammar: grammar({
      task: required({ name: 'TASK', means: 'the task to leave out', value: anyText('TASK') }),
      run: flag({
        name: 'run',
        means: 'the run; left out, the one that is going on',
        value: wholeNumber(1, 999_999_999, 'RUN'),
      }),
      reason: requiredFlag({ name: 'reason', means: 'why, for the record', value: anyText() }),
    }),
    run: ({ task, run, reason }, call) =>
      giveOrder(runner, call, run, skipOrder(task, reason, policy), (entry, view) => {
        const gate = entry.kind === 'gate-opened' ? entry.gate : '';
        return say(`Run ${view.state.run}: skipping ${task} needs ${needsText(policy)}: `, {
          code: `go ${view.state.run} --gate ${gate}`,
        });
      }),
  };
  return command;
};

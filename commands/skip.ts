import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import type { ApprovalPolicy } from '../src/runbook/approval-policy.js';
import { flag, required, requiredFlag } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { skipOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand, told } from './order-command.js';
import { RUN } from './run-number.js';

/** Only outside of the read-only window, and only with a second person's GO; the run then ends FAIL (incomplete). */
export const skip = (runner: Runner, policy: ApprovalPolicy): Command<unknown> =>
  orderCommand<{ task: string; run: number | undefined; reason: string }>(runner, {
    words: ['skip'],
    tried: ['ignore'],
    summary: 'leave a task out (phases 0, 1, 8 to 10; a second person has to say GO)',
    example: 'skip 00-warm-up-caches --reason "warmed up by hand"',
    requires: 'operate',
    grammar: grammar({
      task: required({ name: 'TASK', means: 'the task to leave out', value: anyText('TASK') }),
      run: flag({ name: 'run', means: 'the run; left out, the one that is going on', value: RUN }),
      reason: requiredFlag({ name: 'reason', means: 'why, for the record', value: anyText() }),
    }),
    order: ({ task, reason }) => skipOrder(task, reason, policy),
    reply: told('asked. With a task left out it ends FAIL (incomplete), and says by whom.'),
  });

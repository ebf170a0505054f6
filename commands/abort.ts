import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { say } from '../src/chat/message.js';
import { requiredFlag } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { abortOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand } from './order-command.js';
import { runNumber } from './run-number.js';

export const abort = (runner: Runner): Command<unknown> =>
  orderCommand<{ run: number | undefined; reason: string }>(runner, {
    words: ['abort'],
    tried: ['cancel', 'kill', 'rollback', 'undo'],
    summary: 'stop a run and take back what it did, as long as that is possible',
    example: 'abort 41 --reason "edits fail on s4"',
    requires: 'operate',
    grammar: grammar({
      run: runNumber,
      reason: requiredFlag({ name: 'reason', means: 'why, for the record', value: anyText() }),
    }),
    order: ({ reason }) => abortOrder(reason),
    reply: (_entry, { state }) =>
      state.startedAt === undefined
        ? say(`Run ${state.run} had not begun: there is nothing to take back.`)
        : say(
            `Run ${state.run}: what it did is taken back, each step checked. `,
            { command: 'status' },
            ' shows how far that is.',
          ),
  });

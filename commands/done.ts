import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { say } from '../src/chat/message.js';
import { flag, required, rest } from '../src/chat/parameter.js';
import { anyText, wholeNumber } from '../src/chat/value.js';
import { confirmOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { giveOrder } from './give-order.js';

export const confirmDone = (runner: Runner): Command<unknown> => {
  const command: Command<{ task: string; note: readonly string[]; run: number | undefined }> = {
    words: ['done'],
    summary: 'confirm that you did a manual task',
    example: 'done 09-update-database-dns merged and deployed',
    requires: 'confirm',
    writes: true,
    grammar: grammar({
      task: required({ name: 'TASK', means: 'the manual task that you did', value: anyText('TASK') }),
      note: rest({ name: 'NOTE', means: 'anything worth recording', value: anyText() }),
      run: flag({
        name: 'run',
        means: 'the run; left out, the one that is going on',
        value: wholeNumber(1, 999_999_999, 'RUN'),
      }),
    }),
    run: ({ task, note, run }, call) =>
      giveOrder(runner, call, run, confirmOrder(task, note.join(' ')), (_entry, view) =>
        say(`Run ${view.state.run}: ${task} confirmed by ${call.said?.person ?? ''}. Thank you.`),
      ),
  };
  return command;
};

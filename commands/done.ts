import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { flag, required, rest } from '../src/chat/parameter.js';
import { anyText } from '../src/chat/value.js';
import { confirmOrder } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { orderCommand, told } from './order-command.js';
import { RUN } from './run-number.js';

export const confirmDone = (runner: Runner): Command<unknown> =>
  orderCommand<{ task: string; note: readonly string[]; run: number | undefined }>(runner, {
    words: ['done'],
    tried: ['confirm', 'confirmed', 'finished'],
    summary: 'confirm that you did a manual task',
    example: 'done 09-update-database-dns merged and deployed',
    requires: 'confirm',
    grammar: grammar({
      task: required({ name: 'TASK', means: 'the manual task that you did', value: anyText('TASK') }),
      note: rest({ name: 'NOTE', means: 'anything worth recording', value: anyText() }),
      run: flag({ name: 'run', means: 'the run; left out, the one that is going on', value: RUN }),
    }),
    order: ({ task, note }) => confirmOrder(task, note.join(' ')),
    reply: told('noted, thank you.'),
  });

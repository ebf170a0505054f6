import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { message, say } from '../src/chat/message.js';
import { flag } from '../src/chat/parameter.js';
import { answered } from '../src/chat/reply.js';
import { wholeNumber } from '../src/chat/value.js';
import { formatLength, isoSeconds } from '../src/domain/instant.js';
import type { JournalReader } from '../src/runner/journal.js';
import { readOnlyPeriod } from '../src/runner/read-only-period.js';
import type { RunView, Runner } from '../src/runner/runner.js';

/** The newest runs and how they came out. Reads. */
export const runs = (runner: Runner, journal: Pick<JournalReader, 'runs'>): Command<unknown> => {
  const command: Command<{ limit: number | undefined }> = {
    words: ['runs'],
    tried: ['list', 'history', 'ls'],
    summary: 'list the newest runs and how they ended',
    example: 'runs --limit 20',
    requires: 'anyone',
    writes: false,
    grammar: grammar({ limit: flag({ name: 'limit', means: 'how many (10)', value: wholeNumber(1, 200) }) }),
    async run({ limit }) {
      const views: RunView[] = [];
      for (const number of await journal.runs(limit ?? 10)) {
        const view = await runner.view(number);
        if (view !== undefined) views.push(view);
      }
      if (views.length === 0)
        return answered(
          say(
            'There has been no run yet. ',
            { command: 'start --dry-run' },
            ' changes nothing and shows one.',
          ),
          [],
        );
      const rows = views.map(rowOf);
      const columns = ['run', 'requested (UTC)', 'mode', 'what', 'operator', 'result', 'read-only'];
      const keys = ['run', 'requestedAt', 'mode', 'description', 'operator', 'result', 'readOnly'];
      const data = rows.map((row) => Object.fromEntries(row.map((cell, index) => [keys[index] ?? '', cell])));
      return answered(message('plain', { kind: 'table', columns, rows }), data);
    },
  };
  return command;
};

function rowOf({ run, state }: RunView): string[] {
  const period = readOnlyPeriod(run, state);
  const readOnly = period?.endedAt === undefined ? '' : formatLength(period.endedAt - period.startedAt);
  const result = state.ended?.result ?? (state.hold === undefined ? state.stage : 'on hold');
  return [
    `${state.run}`,
    isoSeconds(state.requestedAt),
    state.mode,
    state.description,
    state.operator,
    result,
    readOnly,
  ];
}

import { expect, test } from '@jest/globals';
import { list, message, paragraph, spanText } from '../../src/chat/message.js';
import { inShortLines } from '../../src/chat/short-lines.js';
import { typedInChannel } from '../../src/chat/typed-in-channel.js';
import type { RunId } from '../../src/runner/journal.js';

const run = 7 as RunId;
const progress = (note: string) => ({ kind: 'progress', label: 'run 7', done: 3, of: 9, note }) as const;
const lines = (shown: ReturnType<typeof inShortLines>): readonly string[] =>
  shown.blocks.map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : block.kind));

test('progress stands beside what happened', () => {
  const shown = message(
    'plain',
    paragraph('run 7: 02-drain-edits observed in 2 s'),
    progress('phase 2 Read-only'),
  );
  expect(lines(inShortLines(shown, run))).toEqual([
    'run 7: 02-drain-edits observed in 2 s [3/9] phase 2 Read-only',
  ]);
});

test('what a line says already is not said once more', () => {
  const shown = message(
    'plain',
    paragraph('run 7: ', { strong: 'phase 2 Read-only' }),
    progress('phase 2 Read-only · read-only for 2 s of 3 min'),
  );
  expect(lines(inShortLines(shown, run))).toEqual([
    'run 7: phase 2 Read-only [3/9] read-only for 2 s of 3 min',
  ]);
  const bare = message('plain', paragraph('run 7: phase 2 Read-only'), progress('phase 2 Read-only'));
  expect(lines(inShortLines(bare, run))).toEqual(['run 7: phase 2 Read-only [3/9]']);
});

test('of a table the command is named that shows it, after what matters most', () => {
  const shown = message(
    'good',
    paragraph({ strong: 'Run 7: PASS' }, ' — mediawiki'),
    paragraph('every task was observed.'),
    paragraph('Read-only: 30 s.'),
    { kind: 'table', columns: ['task'], rows: [['02-drain-edits']] },
    paragraph('Asked for by alice.'),
  );
  expect(lines(inShortLines(shown, run))).toEqual([
    'Run 7: PASS — mediawiki: every task was observed.',
    'Read-only: 30 s.',
    'Task by task: report 7.',
    'Asked for by alice.',
  ]);
});

test('everything else stays as it is', () => {
  const shown = message('warning', list(['a'], ['b']), paragraph('c'));
  expect(inShortLines(shown, run)).toEqual(shown);
});

test('in a channel a command is shown with the prefix, wherever it stands', () => {
  const shown = message(
    'plain',
    paragraph('Say ', { command: 'go 7' }, ' or ', { code: '02-drain-edits' }),
    list([{ command: 'why 7' }]),
    { kind: 'fields', fields: [{ label: 'help', value: [{ command: 'help go' }] }] },
  );
  expect(typedInChannel(shown, '!switchdc')).toEqual(
    message(
      'plain',
      paragraph('Say ', { code: '!switchdc go 7' }, ' or ', { code: '02-drain-edits' }),
      list([{ code: '!switchdc why 7' }]),
      { kind: 'fields', fields: [{ label: 'help', value: [{ code: '!switchdc help go' }] }] },
    ),
  );
});

import { expect, test } from '@jest/globals';
import { spanText } from '../../src/chat/message.js';
import type { Destination } from '../../src/chat/platform.js';
import { report } from '../../src/chat/reporter.js';
import { runLines } from '../../src/chat/run-lines.js';
import { sqliteCursors } from '../../src/chat/sqlite/sqlite-cursors.js';
import { foldRun } from '../../src/runner/evolve.js';
import { FullHouse } from '../support/full-house.js';

/** What a channel is told of a run that is asked for in #operations, up to the first vote. */
async function toldIn(to: Destination): Promise<string[]> {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.order('bob', `approve ${run}`);
  const enough = new AbortController();
  const told: string[] = [];
  const reporting = report(
    {
      journal: full.house.journal,
      cursors: sqliteCursors(full.files.records),
      platform: {
        send: (_to, { blocks }) => {
          told.push(
            blocks.map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : '')).join(''),
          );
          if (told.at(-1)?.includes('from bob') === true) enough.abort(new Error('enough'));
          return Promise.resolve({ to, id: `${told.length}` });
        },
      },
      to,
      tell: (before, view, recorded) => runLines(before, view, recorded, []),
      preparedRun: async (id) => (await full.house.runner.view(id))?.run,
      trouble: (text) => told.push(text),
    },
    enough.signal,
  );
  await reporting.catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
  return told;
}

test('a request is told where nobody has seen the answer to it yet', async () => {
  expect(await toldIn({ platform: 'terminal', channel: '#elsewhere' })).toEqual([
    expect.stringMatching(/^run 1: alice asks for mediawiki .*; it needs 2 GO/),
    'run 1: GO from bob',
  ]);
});

test('where it was made, the answer with the plan is enough', async () => {
  expect(await toldIn({ platform: 'terminal', channel: '#operations' })).toEqual(['run 1: GO from bob']);
});

test('a NOGO tells that the run is on hold, and where the ways out are', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.order('bob', `deny ${run} not today`);
  const state = await full.until(run, ({ hold }) => hold !== undefined);
  const { run: prepared } = await full.view(run);
  const entries = await full.entries(run);
  const settled = entries.findIndex(({ entry }) => entry.kind === 'gate-settled');
  const before = foldRun(entries.slice(0, settled));
  const [line] = runLines(before, { run: prepared, state }, entries[settled]!, []);
  expect(line?.blocks.map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : ''))).toEqual([
    'run 1: the request: NOGO — NOGO by bob. The run is on hold: why 1 tells the ways out',
  ]);
});

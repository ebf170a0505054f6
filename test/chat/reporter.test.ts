import { describe, expect, test } from '@jest/globals';
import { runLines } from '../../src/chat/run-lines.js';
import type { Verbosity } from '../../src/chat/telling.js';
import { foldRun } from '../../src/runner/evolve.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel, withThreads } from '../support/paper-channel.js';
import { startTelling } from '../support/told-run.js';

const someTime = { timeout: 60_000 };

/** What a channel is told of a run that is asked for in #operations, up to the first vote. */
async function toldIn(channel: string): Promise<string[]> {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.order('bob', `approve ${run}`);
  const paper = new PaperChannel('terminal', lineProtocol);
  const telling = startTelling(full, paper, 'tasks', { platform: 'terminal', channel });
  await paper.until((texts) => texts.some((text) => text.includes('from bob')));
  await telling.stop();
  return paper.texts();
}

test('a request is told where nobody has seen the answer to it yet', async () => {
  expect(await toldIn('#elsewhere')).toEqual([
    expect.stringMatching(/^run 1: alice asks for mediawiki .*; it needs 2 GO.*"command":"approve 1"/),
    'run 1: GO from bob — still missing: 1 GO',
  ]);
});

test('where it was made, the answer with the plan is enough', async () => {
  expect(await toldIn('#operations')).toEqual(['run 1: GO from bob — still missing: 1 GO']);
});

test('a NOGO tells that the run is on hold, where the ways out are, and calls the operator', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.order('bob', `deny ${run} not today`);
  const state = await full.until(run, ({ hold }) => hold !== undefined);
  const { run: prepared } = await full.view(run);
  const entries = await full.entries(run);
  const settled = entries.findIndex(({ entry }) => entry.kind === 'gate-settled');
  const before = foldRun(entries.slice(0, settled));
  const lines = runLines(before, { run: prepared, state }, entries[settled]!, [], full.house.directory);
  expect(lines.map(messageText)).toEqual([
    'alice: run 1: the request: NOGO — NOGO by bob. The run is on hold: why 1 tells the ways out',
  ]);
});

/** A whole live run as it is told. */
async function wholeRun(paper: PaperChannel, verbosity: Exclude<Verbosity, 'nothing'>): Promise<FullHouse> {
  const full = await FullHouse.fresh();
  const run = await full.start();
  const telling = startTelling(full, paper, verbosity);
  const state = await full.helped(run);
  expect(state.ended?.result).toBe('PASS');
  const cursors = () => full.files.records.prepare('SELECT min(position) FROM reporter_cursor').pluck().get();
  const newest = (await full.entries(run)).at(-1)?.position ?? 0;
  while ((cursors() as number) < newest) await full.pass(100);
  await telling.stop();
  expect(telling.troubles).toEqual([]);
  return full;
}

describe('a whole run', () => {
  test(
    'on a line protocol: at most one line for each task, tasks side by side in one, read-only never silent for 30 s',
    async () => {
      const paper = new PaperChannel('irc', lineProtocol);
      const full = await wholeRun(paper, 'tasks');
      const { run, state } = await full.view(1);
      const texts = paper.texts();
      await full.close();
      for (const { id } of run.phases.flatMap(({ tasks }) => tasks)) {
        const ended = texts.filter((text) => new RegExp(`${id} (observed|confirmed|skipped)`).test(text));
        expect([id, ended.length]).toEqual([id, 1]);
      }
      expect(texts.some((text) => /(observed|confirmed).*, \d\d-.*(observed|confirmed)/.test(text))).toBe(
        true,
      );
      expect(
        texts.filter((text) => text.includes('"kind":"progress"') && / in .* s\b.*\{/.test(text)),
      ).toEqual([]);
      expect(texts.filter((text) => /left until/.test(text)).length).toBeGreaterThanOrEqual(2);
      expect(texts.at(-1)).toMatch(/Run 1: PASS/);
      expect(texts.filter((text) => text.includes('READ-ONLY starts'))).toHaveLength(1);
      expect(state.ended?.result).toBe('PASS');
    },
    someTime.timeout,
  );

  test(
    'with threads: one message that is edited, its details below it, the question settled where it was put',
    async () => {
      const paper = new PaperChannel('slack', withThreads);
      const full = await wholeRun(paper, 'tasks');
      await full.close();
      const boards = paper.messages.filter(({ key }) => key.endsWith('/board'));
      expect(boards).toHaveLength(1);
      expect(boards[0]!.edits).toBeGreaterThan(10);
      expect(messageText(boards[0]!.message)).toMatch(/"done":41,"of":41,"note":"PASS/);
      expect(JSON.stringify(boards[0]!.message)).toContain('https://tasks.example.org/T1');
      const gates = paper.messages.filter(({ key }) => key.includes('/gate/'));
      expect(gates.length).toBeGreaterThanOrEqual(3);
      for (const { message } of gates) {
        expect(messageText(message)).toMatch(/GO — GO by/);
        expect(message.blocks.some(({ kind }) => kind === 'choices')).toBe(false);
      }
      const rest = paper.messages.filter((one) => !boards.includes(one) && !gates.includes(one));
      expect(rest.every(({ below }) => below?.message.id === boards[0]!.id)).toBe(true);
      const shown = rest
        .filter(({ below }) => below?.broadcast === true)
        .map(({ message }) => messageText(message));
      expect(shown.filter((text) => text.includes('phase')).length).toBeGreaterThan(8);
      expect(shown.filter((text) => /^run 1: \d\d-\S+ observed/.test(text))).toEqual([]);
    },
    someTime.timeout,
  );

  test(
    'for results and milestones a handful of lines',
    async () => {
      const results = new PaperChannel('irc', lineProtocol);
      await (await wholeRun(results, 'results')).close();
      expect(results.texts().map((text) => text.replace(/ at .*| — .*|: mediawiki.*/, ''))).toEqual([
        'run 1: started',
        'run 1: READ-ONLY starts',
        'run 1: READ-ONLY ends',
        'Run 1: PASS',
      ]);
      const milestones = new PaperChannel('irc', lineProtocol);
      await (await wholeRun(milestones, 'milestones')).close();
      expect(milestones.texts().map((text) => text.slice(0, 30))).toEqual([
        'The wikis are read-only now. Y',
        'Read-only is over. Editing wor',
      ]);
      expect(milestones.texts().join(' ')).not.toMatch(/run 1|phase|primary|database/);
    },
    someTime.timeout,
  );
});

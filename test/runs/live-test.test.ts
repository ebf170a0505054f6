import { expect, test } from '@jest/globals';
import { FROM, FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { changesOf, settledWorld } from '../support/settled-world.js';

/** In March codfw is the primary: a rehearsal pretends to come to it from the passive one. */
const PRIMARY = FROM;
const PASSIVE = TO;

test('a live test passes, finds its direction by itself, and never touches the primary', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const before = await settledWorld(full);
  const run = await full.start('--live-test');
  const { ended, params } = await full.helped(run);
  expect(params).toMatchObject({ from: PASSIVE, to: PRIMARY });
  expect(ended?.result).toBe('PASS');
  expect(ended?.counts['skipped-in-live-test']).toBeGreaterThan(0);

  const facts = full.world.factsHistory();
  expect(facts.filter((fact) => fact.readOnly[PRIMARY] !== false)).toEqual([]);
  for (const section of full.house.installation.sections)
    expect(facts.filter((fact) => !(fact.writable[section] ?? []).includes(PRIMARY))).toEqual([]);
  // It does rehearse: the passive one is read-only for a while, and says so to whoever tries.
  const told = facts.flatMap((fact) => fact.readOnly[PASSIVE] || []);
  expect(told.length).toBeGreaterThan(0);
  expect(told.every((text) => text.startsWith('[NON-PRIMARY-DC] '))).toBe(true);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look().edits).toMatchObject({ lost: 0, databaseErrors: 0, refused: 0 });

  const after = await settledWorld(full);
  expect(changesOf(before, after)).toEqual({});
  expect(after).toEqual(before);
});

test('every line that a live test logs is marked as not the primary, from START to END', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const run = await full.start('--live-test');
  await full.helped(run);
  await full.logged();
  const messages = (await full.sal()).map(({ message }) => message);
  expect(messages.length).toBeGreaterThan(30);
  expect(messages.filter((text) => !text.startsWith('[NON-PRIMARY-DC] '))).toEqual([]);
  expect(messages.filter((text) => text.includes('read-only period starts at'))).toHaveLength(1);
  expect(messages.filter((text) => text.includes('END (PASS) - switchdc mediawiki for'))).toHaveLength(1);
});

test('03 and 06 can be rehearsed back to back, and change nothing', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const run = await full.start('--live-test --only 03-set-db-read-only,06-set-db-read-write');
  const { ended, tasks, phases } = await full.helped(run);
  expect(ended?.result).toBe('PASS');
  expect(Object.keys(phases)).toEqual(['3', '6']);
  expect(Object.keys(tasks).sort()).toEqual(['03-set-db-read-only', '06-set-db-read-write']);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(await settledWorld(full)).toEqual(before);
});

test('in a live run the tasks of the read-only window cannot be chosen alone', async () => {
  await using full = await FullHouse.fresh();
  const words = 'start --task T12345 --only 03-set-db-read-only,06-set-db-read-write';
  expect(await full.asked('alice', words)).toMatch(/^refused: .*phases 2 to 7 belong together.*--live-test/);
  expect(await full.house.journal.runs(1)).toEqual([]);
});

test('a live test that is aborted in the middle leaves everything as it was', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const run = await full.start('--live-test');
  await full.helped(run, (state) => state.phases['4'] !== undefined);
  await full.order('alice', `abort ${run} --reason enough`);
  expect((await full.helped(run)).ended?.result).toBe('ABORTED');
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(await settledWorld(full)).toEqual(before);
});

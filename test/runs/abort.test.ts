import { expect, test } from '@jest/globals';
import type { RunState } from '../../src/runner/run-state.js';
import { FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { settledWorld, withoutJobRunners } from '../support/settled-world.js';

/** Whether a task of a phase has been applied, or the phase is through where it has no task. */
const isUnderWay =
  (phase: string) =>
  (state: RunState): boolean =>
    state.phases[phase]?.endedAt !== undefined ||
    Object.entries(state.tasks).some(
      ([id, task]) => Number(id.slice(0, 2)) === Number(phase) && task.forward.applyStarted !== undefined,
    );

test.each(['0', '1', '2', '3', '4', '5', '6'])(
  'a run that is aborted in phase %s is taken back: the world is as it was before',
  async (phase) => {
    await using full = await FullHouse.fresh();
    const before = await settledWorld(full);
    const run = await full.start();
    await full.helped(run, isUnderWay(phase));
    await full.order('alice', `abort ${run} --reason "edits fail on s4"`);
    const { ended, recoveries } = await full.helped(run);
    expect(ended).toMatchObject({ result: 'ABORTED', because: 'aborted by alice: edits fail on s4' });
    expect(recoveries).toBe(0);
    expect(await brokenWorldLaws(full)).toEqual([]);
    expect(withoutJobRunners(await settledWorld(full))).toEqual(withoutJobRunners(before));
  },
);

test('once 07 has begun an abort is refused with the reason, and the run goes on to its end', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run, isUnderWay('7'));
  const refused = await full.asked('alice', `abort ${run} --reason "second thoughts"`);
  expect(refused).toMatch(/^refused: .*07-set-read-write has begun: only forward is possible/i);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look().primary).toBe(TO);
});

test('a request that nobody approves lapses, and one that is denied ends; neither has touched anything', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const denied = await full.start();
  await full.order('bob', `deny ${denied} "not today"`);
  expect((await full.until(denied, (state) => state.ended !== undefined)).ended?.result).toBe('ABORTED');
  const lapsed = await full.start();
  const { ended } = await full.until(lapsed, (state) => state.ended !== undefined);
  expect(ended?.because).toMatch(/no answer in time/);
  expect(await settledWorld(full)).toEqual(before);
});

import { expect, test } from '@jest/globals';
import { failedTasks } from '../../src/runner/orders.js';
import type { RunState } from '../../src/runner/run-state.js';
import { FROM, FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { settledWorld } from '../support/settled-world.js';

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
    expect(await settledWorld(full)).toEqual(before);
  },
);

test('a job runner that does not answer holds up the way back only when editing is possible again', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const run = await full.start();
  await full.helped(run, isUnderWay('6'));
  const unreachable = full.world.shape.jobRunners.find(({ host }) => host.split('.').includes(TO));
  full.world.faults.cause({ kind: 'host-unreachable', host: unreachable?.host ?? '' });
  await full.order('alice', `abort ${run} --reason "edits fail on s4"`);
  await full.until(run, (state) => failedTasks(state).length > 0);
  expect(failedTasks(await full.state(run))).toEqual(['00-check-job-runners']);
  const { datacenters, primary } = full.world.look();
  expect(primary).toBe(FROM);
  for (const { appServers } of datacenters)
    expect(appServers.map(({ readOnly }) => readOnly)).toEqual(appServers.map(() => false));
  await full.pass(1_000);
  full.world.faults.clear();
  await full.order('alice', `retry ${run} 00-check-job-runners`);
  expect((await full.helped(run)).ended?.result).toBe('ABORTED');
  expect(await settledWorld(full)).toEqual(before);
});

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

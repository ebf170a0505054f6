import { expect, test } from '@jest/globals';
import { FullHouse } from '../support/full-house.js';
import { settledWorld } from '../support/settled-world.js';

test('a request that is denied goes on hold and touches nothing; `resume` asks anew, and the old votes are gone', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const run = await full.start();
  await full.order('bob', `approve ${run}`);
  await full.order('carol', `deny ${run} "not today"`);
  await full.until(run, (state) => state.hold !== undefined);
  expect(await full.asked('bob', `why ${run}`)).toMatch(/on hold: NOGO by carol.*resume.*abort/);
  expect(await full.asked('bob', `approve ${run}`)).toMatch(/has no open request/);
  await full.order('alice', `resume ${run}`);
  const { gates } = await full.until(run, ({ gates: all }) => all.length === 2);
  expect(gates[1]).toMatchObject({ id: 'g2', for: { kind: 'request' }, asker: 'alice', votes: [] });
  await full.order('carol', `approve ${run}`);
  await full.order('bob', `approve ${run}`);
  await full.until(run, (state) => state.stage === 'running');
  await full.order('alice', `abort ${run} --reason "that was enough"`);
  await full.helped(run);
  expect(await settledWorld(full)).toEqual(before);
});

test('a request that nobody answers goes on hold at its deadline, and can be withdrawn', async () => {
  await using full = await FullHouse.fresh();
  const before = await settledWorld(full);
  const run = await full.start();
  const { hold } = await full.until(run, (state) => state.hold !== undefined);
  expect(hold?.because).toMatch(/^no answer in time/);
  await full.order('alice', `abort ${run} --reason "another day"`);
  const { ended } = await full.until(run, (state) => state.ended !== undefined);
  expect(ended).toMatchObject({ result: 'ABORTED', because: 'withdrawn by alice: another day' });
  expect(await settledWorld(full)).toEqual(before);
});

test('a request that is asked anew shows what is different in the world by then', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.order('carol', `deny ${run} "there is something with the weights"`);
  await full.until(run, (state) => state.hold !== undefined);
  const digest = (await full.state(run)).plan.digest;
  await full.order('alice', 'start --only 00-reduce-ttl --task T1');
  const other = (await full.house.runner.unfinished()).find((id) => id !== run) ?? 0;
  await full.helped(other);
  await full.order('alice', `resume ${run}`);
  const { gates, plan } = await full.until(run, ({ gates: all }) => all.length === 2);
  expect(gates[1]).toMatchObject({ changed: true });
  expect(plan.digest).not.toBe(digest);
});

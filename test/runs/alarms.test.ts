import { expect, test } from '@jest/globals';
import { FullHouse } from '../support/full-house.js';

async function alarms(full: FullHouse, run: number): Promise<string[]> {
  return (await full.entries(run)).flatMap(({ entry }) => (entry.kind === 'alarm' ? [entry.about] : []));
}

test('read-only past its budget is said loudly once, while it goes on', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const run = await full.start();
  await full.helped(run, (state) => state.phases['2'] !== undefined);
  const found = full.world.shape.appServers[0];
  full.world.faults.cause({ kind: 'app-server-stuck', server: found?.host ?? '' });
  const { tasks } = await full.until(run, (state) => state.alarms.includes('read-only-budget'));
  const since = tasks['02-set-read-only']?.forward.applyStarted ?? 0;
  expect(full.now() - since).toBeGreaterThan(180_000);
  expect(full.now() - since).toBeLessThan(181_000);
  full.world.faults.clear();
  await full.helped(run);
  await full.logged();
  expect(await alarms(full, run)).toEqual(['read-only-budget']);
  const logged = (await full.sal()).filter(({ message }) => message.startsWith('ALARM - '));
  expect(logged.map(({ message }) => message)).toEqual([
    'ALARM - switchdc mediawiki (run 1): read-only for longer than its budget of 3 min',
  ]);
  expect(await full.asked('alice', `report ${run}`)).toContain('PAST its budget of 3 min');
});

test('after three runs, a task that takes longer than in three of four of them is said loudly', async () => {
  await using full = await FullHouse.fresh();
  const words = '--live-test --only 03-set-db-read-only,06-set-db-read-write';
  for (let times = 0; times < 3; times += 1) {
    const run = await full.start(words);
    await full.helped(run);
    expect(await alarms(full, run)).toEqual([]);
  }
  const usual = await full.start(words);
  await full.helped(usual);
  expect(await alarms(full, usual)).toEqual([]);
  full.world.faults.cause({ kind: 'disk-slow', delay: 1_000 });
  const slow = await full.start(words);
  const { ended } = await full.helped(slow);
  expect(ended?.result).toBe('PASS');
  expect(await alarms(full, slow)).toEqual(['slow/03-set-db-read-only', 'slow/06-set-db-read-write']);
});

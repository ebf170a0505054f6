import { expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { FullHouse, type FullHouseOptions } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { copyDisk, fullDisk } from '../support/watched-files.js';

type Folder = ReturnType<typeof temporaryFolder>;

/** A live run whose process is killed as a phase begins; another one opens what it has left after a while. */
async function killedIn(
  phase: string,
  folder: Folder,
  gap: number,
  options: FullHouseOptions = {},
): Promise<{ full: FullHouse; run: number }> {
  const first = await FullHouse.open(folder.file('first'));
  const run = await first.start();
  await first.helped(run, ({ phases }) => phases[phase] !== undefined);
  copyDisk(first.folder, folder.file('second'));
  first.die();
  const clock = fastClock(instant(first.now() + gap));
  return { full: await FullHouse.open(folder.file('second'), { ...options, clock }), run };
}

test('killed in read-only, a run goes on by itself when the gap was short', async () => {
  using folder = temporaryFolder();
  const { full, run } = await killedIn('4', folder, 60_000);
  await full.takeUp();
  await full.until(run, ({ phases }) => phases['8'] !== undefined);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  await full.close();
});

test('after a long gap in read-only it raises an alarm and waits: somebody may have begun to repair by hand', async () => {
  using folder = temporaryFolder();
  const { full, run } = await killedIn('4', folder, 6 * 60_000);
  await full.takeUp();
  const { hold } = await full.until(run, ({ alarms }) => alarms.includes('recovery-1'));
  expect(hold?.because).toMatch(/more than 5 min/);
  await full.pass(10 * 60_000);
  expect((await full.state(run)).phases['6']).toBeUndefined();
  expect(await full.asked('bob', `why ${run}`)).toContain('on hold: after a restart');
  await full.order('alice', `resume ${run}`);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  await full.close();
});

test('while the disk is full after a restart nothing goes on, and then the run does', async () => {
  using folder = temporaryFolder();
  let isFull = false;
  const { full, run } = await killedIn('3', folder, 2_000, {
    around: (files) => fullDisk(files, () => isFull),
  });
  isFull = true;
  await full.takeUp();
  const before = await full.entries(run);
  await full.pass(30_000);
  expect(await full.entries(run)).toEqual(before);
  expect(full.troubles[0]).toMatch(/run 1 cannot be taken up: .*full/);
  expect(await full.asked('alice', `hold ${run} --reason "the disk"`)).toMatch(
    /^(unavailable|failed): .*full/,
  );
  isFull = false;
  await full.until(run, ({ phases }) => phases['8'] !== undefined);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  await full.close();
});

test('a run that is taken up begins in real time, however fast simulated time is otherwise', async () => {
  using folder = temporaryFolder();
  const { full } = await killedIn('3', folder, 1_000, { speed: 1_000 });
  expect(full.house.world.simulation?.clock.rate()).toBe(1);
  await full.close();
  await using quiet = await FullHouse.fresh({ speed: 1_000 });
  expect(quiet.house.world.simulation?.clock.rate()).toBe(1_000);
});

import { instant } from '../../src/domain/instant.js';
import { failedTasks } from '../../src/runner/orders.js';
import type { Recorded } from '../../src/runner/journal.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { FullHouse } from './full-house.js';
import { temporaryFolder } from './temporary-folder.js';
import { copyDisk } from './watched-files.js';

/** The runs whose journals are kept, by the name of the file: each new version has to understand them. */
export const recordedRuns: Readonly<Record<string, () => Promise<Recorded[]>>> = {
  live: () => undisturbed(''),
  'live-test': () => undisturbed('--live-test'),
  'dry-run': () => undisturbed('--dry-run'),
  aborted,
};

async function undisturbed(words: string): Promise<Recorded[]> {
  await using full = await FullHouse.fresh();
  const run = await full.start(words);
  await full.helped(run);
  return await full.entries(run);
}

/** Everything happens that is not as it should be: a NOGO, a hold, a skip, lost locks, a kill in read-only, a way back. */
async function aborted(): Promise<Recorded[]> {
  using folder = temporaryFolder();
  const first = await FullHouse.open(folder.file('first'));
  const run = await first.start();
  await first.helped(run, (state) => state.stage === 'running');
  await first.order('alice', 'skip 00-look-at-database-maintenance --reason "looked yesterday"');
  await first.order('alice', `hold ${run} --reason "a moment"`);
  await first.order('bob', `take ${run}`);
  await first.helped(run, (state) => state.gates.some((gate) => gate.for.kind === 'phase'));
  await first.order('carol', `nogo ${run} "not yet"`);
  await first.helped(run, ({ phases }) => phases['1'] !== undefined);
  first.world.faults.cause({ kind: 'store-unavailable' });
  await first.pass(70_000);
  first.world.faults.clear();
  await first.helped(run, ({ phases }) => phases['3'] !== undefined);
  copyDisk(first.folder, folder.file('second'));
  first.die();

  const clock = fastClock(instant(first.now() + 2_000));
  const second = await FullHouse.open(folder.file('second'), { clock });
  await second.takeUp();
  second.world.faults.cause({ kind: 'dns-server-stuck', server: 'ns1' });
  await second.until(run, (state) => failedTasks(state).length > 0);
  await second.pass(3 * 60_000);
  await second.order('bob', `retry ${run}`);
  await second.order('bob', `abort ${run} --reason "ns1 does not follow"`);
  second.world.faults.clear();
  await second.helped(run);
  const entries = await second.entries(run);
  await second.close();
  return entries;
}

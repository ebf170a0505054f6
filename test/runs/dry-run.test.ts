import { expect, test } from '@jest/globals';
import { section } from '../../src/domain/names.js';
import type { Fault } from '../../src/simulation/fault.js';
import { FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';

/** How much has ever been written outside of the journal. */
function written({ files }: FullHouse): object {
  const count = (database: typeof files.state, sql: string): unknown => database.prepare(sql).pluck().get();
  return {
    revision: count(files.state, 'SELECT max(revision) FROM history'),
    leases: count(files.state, 'SELECT count(*) FROM lease'),
    inputs: count(files.world, 'SELECT count(*) FROM input'),
    logged: count(files.records, 'SELECT count(*) FROM sal_entry'),
  };
}

test('a dry run goes through every phase, writes nothing, and passes where all is well', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const before = written(full);
  const run = await full.start('--dry-run');
  const { ended, phases } = await full.helped(run);
  expect(ended?.because).toMatch(/observed/);
  expect(ended?.result).toBe('PASS');
  expect(Object.keys(phases)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  await full.logged();
  expect(written(full)).toEqual(before);
  expect(await brokenWorldLaws(full)).toEqual([]);
});

const faults: readonly [name: string, fault: (full: FullHouse) => Fault, stops: string][] = [
  [
    'stuck replication',
    () => ({ kind: 'replication-stuck', section: section('s4') }),
    '03-wait-until-in-sync',
  ],
  [
    'an unreachable maintenance host',
    ({ world }) => ({
      kind: 'host-unreachable',
      host: world.shape.maintenanceHosts[0]?.host ?? '',
    }),
    '00-disable-puppet',
  ],
  [
    'a database primary that is down',
    () => ({ kind: 'database-down', section: section('s1'), datacenter: TO }),
    '03-check-to-databases-read-only',
  ],
];
for (const [name, fault, stops] of faults)
  test(`a dry run with ${name} fails, names the task, and writes nothing either`, async () => {
    await using full = await FullHouse.fresh({ sal: true });
    full.world.faults.cause(fault(full));
    await full.pass(5_000);
    const before = written(full);
    const run = await full.start('--dry-run');
    const { ended, tasks } = await full.helped(run);
    expect(ended?.result).toBe('FAIL');
    const stopped = Object.entries(tasks).flatMap(([id, task]) => (task.end === 'would-stop' ? [id] : []));
    expect(stopped).toContain(stops);
    expect(await full.asked('alice', `report ${run}`)).toContain(`${stops} would have stopped a real run`);
    expect(written(full)).toEqual(before);
  });

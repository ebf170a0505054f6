import { expect, test } from '@jest/globals';
import { section } from '../../src/domain/names.js';
import { failedTasks } from '../../src/runner/orders.js';
import type { RunState } from '../../src/runner/run-state.js';
import type { Fault } from '../../src/simulation/fault.js';
import { FROM, FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { settledWorld } from '../support/settled-world.js';

const hasBegun =
  (phase: string) =>
  (state: RunState): boolean =>
    state.phases[phase] !== undefined;
const hasFailed =
  (task: string) =>
  (state: RunState): boolean =>
    failedTasks(state).includes(task);

/** What breaks at the beginning of a phase, and where the run stops for a person. */
interface Story {
  readonly name: string;
  readonly phase: string;
  readonly fault: (full: FullHouse) => Fault;
  readonly stopsAt: string;
}

const appServer = (full: FullHouse): Fault => {
  const found = full.world.shape.appServers.at(-1);
  if (found === undefined) throw new Error('there are app servers');
  return { kind: 'app-server-stuck', server: found.host };
};

const stories: readonly Story[] = [
  {
    name: 'replication that is stuck in 03',
    phase: '3',
    fault: () => ({ kind: 'replication-stuck', section: section('s4') }),
    stopsAt: '03-wait-until-in-sync',
  },
  {
    name: 'an app server that does not follow in 02',
    phase: '2',
    fault: appServer,
    stopsAt: '02-set-read-only',
  },
  {
    name: 'a DNS server that does not follow in 04',
    phase: '4',
    fault: ({ house }) => ({ kind: 'dns-server-stuck', server: house.installation.dns.servers[0] ?? '' }),
    stopsAt: '04-depool-from',
  },
  {
    name: 'a database that is down in 06',
    phase: '6',
    fault: () => ({ kind: 'database-down', section: section('s1'), datacenter: TO }),
    stopsAt: '06-set-db-read-write',
  },
];

for (const { name, phase, fault, stopsAt } of stories) {
  test(`${name} stops the run for a person; mended and tried again, it passes`, async () => {
    await using full = await FullHouse.fresh();
    const run = await full.start();
    await full.helped(run, hasBegun(phase));
    full.world.faults.cause(fault(full));
    await full.until(run, hasFailed(stopsAt));
    expect(await full.asked('bob', `why ${run}`)).toContain(`${stopsAt} cannot go on`);
    await full.pass(1_000);
    full.world.faults.clear();
    await full.order('alice', `retry ${run} ${stopsAt}`);
    expect((await full.helped(run)).ended?.result).toBe('PASS');
    expect(await brokenWorldLaws(full)).toEqual([]);
    expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0, databaseErrors: 0 } });
  });

  test(`${name} can be answered with an abort: once mended, all is as it was`, async () => {
    await using full = await FullHouse.fresh();
    const before = await settledWorld(full);
    const run = await full.start();
    await full.helped(run, hasBegun(phase));
    full.world.faults.cause(fault(full));
    await full.until(run, hasFailed(stopsAt));
    await full.order('alice', `abort ${run} --reason "not today"`);
    await full.helped(run, (state) => state.ended !== undefined || state.rollback !== undefined);
    full.world.faults.clear();
    expect((await full.helped(run)).ended?.result).toBe('ABORTED');
    expect(await brokenWorldLaws(full)).toEqual([]);
    expect(await settledWorld(full)).toEqual(before);
  });
}

/** A live run whose state store does not answer for so long, from the beginning of 02 on. */
async function withoutStore(full: FullHouse, length: number): Promise<number> {
  const run = await full.start();
  await full.helped(run, hasBegun('2'));
  full.world.faults.cause({ kind: 'store-unavailable' });
  await full.pass(length);
  expect((await full.state(run)).phases['3']).toBeUndefined();
  full.world.faults.clear();
  return run;
}

test('while the store is unavailable for a moment in 02 the run waits, and then goes on by itself', async () => {
  await using full = await FullHouse.fresh();
  const run = await withoutStore(full, 20_000);
  await full.until(run, hasBegun('8'));
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  const kinds = (await full.entries(run)).map(({ entry }) => entry.kind);
  expect(kinds.filter((kind) => kind === 'lease-lost' || kind === 'task-stuck')).toEqual([]);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0, databaseErrors: 0 } });
});

test('unavailable for longer, the store costs the run its locks; it has them back by itself, and a person says retry', async () => {
  await using full = await FullHouse.fresh();
  const run = await withoutStore(full, 5 * 60_000);
  await full.until(run, (state) => state.leaseLost === undefined);
  expect(failedTasks(await full.state(run))).toEqual(['02-set-read-only']);
  await full.order('alice', `retry ${run}`);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  const kinds = (await full.entries(run)).map(({ entry }) => entry.kind);
  expect(kinds).toEqual(expect.arrayContaining(['lease-lost', 'locks-regained']));
  expect(kinds).not.toContain('run-held');
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0, databaseErrors: 0 } });
});

test.each([
  ['2', '02-set-read-only'],
  ['4', '04-pool-to'],
  ['7', '07-set-read-write'],
])('answers of the store that are lost in %s do no harm twice, and the run passes', async (phase, task) => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run, hasBegun(phase));
  full.world.faults.cause({ kind: 'store-answer-lost' });
  const isUnknown = async (): Promise<boolean> =>
    (await full.entries(run)).some(
      ({ entry }) => entry.kind === 'step-ended' && entry.task === task && entry.outcome.kind === 'unknown',
    );
  const { seq } = await full.state(run);
  await full.until(run, (state) => state.seq > seq + 3);
  expect(await isUnknown()).toBe(true);
  full.world.faults.clear();
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  const written = full.files.state
    .prepare("SELECT name, count(*) AS times FROM history WHERE name LIKE '%ReadOnly%' GROUP BY name")
    .all() as { times: number }[];
  // As it was at first, read-only, and read-write again: nothing was written twice.
  expect(written.map(({ times }) => times)).toEqual([3, 3]);
});

test('a host that cannot be reached in 01 can be left out with a second GO, and the run says that it is incomplete', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  const place = full.world.shape.maintenanceHosts[0];
  if (place === undefined) throw new Error('there are maintenance hosts');
  await full.helped(run, (state) => state.phases['0']?.endedAt !== undefined);
  full.world.faults.cause({ kind: 'host-unreachable', host: place.host });
  const { tasks } = await full.helped(run, (state) => failedTasks(state).length > 0);
  expect(tasks['01-stop-periodic-jobs']?.forward.stage).toBe('failed');
  for (const task of ['01-stop-periodic-jobs', '01-kill-maintenance-scripts']) {
    await full.until(run, hasFailed(task));
    await full.order('alice', `skip ${task} --reason "the host is gone, and so are its jobs"`);
    expect(await full.asked('alice', `go ${run}`)).toMatch(/^refused: .*your own answer does not count/);
    await full.order('bob', `go ${run}`);
    await full.until(run, (state) => state.tasks[task]?.end === 'skipped-by-person');
  }
  full.world.faults.clear();
  const { ended } = await full.helped(run);
  expect(ended?.result).toBe('FAIL');
  expect(ended?.because).toMatch(/^incomplete: skipped 01-stop-periodic-jobs by alice/);
  expect(await brokenWorldLaws(full)).toEqual([]);
});

test('on a slow disk everything takes longer, and nothing else is different', async () => {
  await using full = await FullHouse.fresh();
  full.world.faults.cause({ kind: 'disk-slow', delay: 100 });
  const run = await full.start();
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0, databaseErrors: 0 } });
});

test('the old primary going down in the middle does not let the new one be written before its time', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run, hasBegun('3'));
  full.world.faults.cause({ kind: 'database-down', section: section('s1'), datacenter: FROM });
  await full.until(run, (state) => failedTasks(state).length > 0);
  full.world.faults.clear();
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  expect(await brokenWorldLaws(full)).toEqual([]);
});

test('replication that has just begun to catch up is waited for: not one edit of the minutes before is lost', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run, hasBegun('1'));
  full.world.faults.cause({ kind: 'replication-stuck', section: section('s4') });
  await full.helped(run, hasBegun('3'));
  full.world.faults.clear();
  const { tasks, ended } = await full.helped(run);
  expect(ended?.result).toBe('PASS');
  const waited = tasks['03-wait-until-in-sync'];
  expect((waited?.endedAt ?? 0) - (waited?.startedAt ?? 0)).toBeGreaterThan(11_000);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look().edits).toMatchObject({ lost: 0, databaseErrors: 0 });
});

test('a command that failed is carried out again when it is tried again, also where its host says by now that it is so', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run, hasBegun('8'));
  full.world.faults.cause({ kind: 'command-failing', command: 'run-puppet' });
  await full.helped(run, (state) => failedTasks(state).includes('08-run-puppet'));
  full.world.faults.clear();
  // Puppet runs by itself meanwhile.
  await full.pass(60 * 60_000);
  await full.order('alice', `retry ${run} 08-run-puppet`);
  expect((await full.helped(run)).ended?.result).toBe('PASS');
  const applies = (await full.entries(run)).filter(
    ({ entry }) => entry.kind === 'step-started' && entry.task === '08-run-puppet' && entry.step === 'apply',
  );
  expect(applies).toHaveLength(2);
});

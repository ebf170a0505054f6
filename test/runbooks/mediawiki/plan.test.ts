import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/runbook/plan.js';
import { prepareRun } from '../../../src/runner/prepared-run.js';
import { makePlan } from '../../../src/runner/make-plan.js';
import type { Mode } from '../../../src/runbook/mode.js';
import type { MediaWikiParams } from '../../../runbooks/mediawiki/params.js';
import { acts, northward, resolved, smallRunbook } from '../../support/small-runbook.js';
import { SmallWorld, north, south } from '../../support/small-world.js';
import { Walker } from '../../support/walk.js';

/** The plan of a whole run, or of what remains of one from a phase on. */
async function planOf(
  world: SmallWorld,
  mode: Mode,
  params: Partial<MediaWikiParams> = {},
  walker?: Walker,
  from = 0,
): Promise<Plan> {
  const prepared = prepareRun(smallRunbook(), { ...northward, ...params }, mode, {});
  if (!prepared.ok) throw new Error(prepared.problem);
  const phases = prepared.run.phases.filter(({ id }) => Number(id) >= from);
  return makePlan({ ...prepared.run, phases }, world.readers(walker?.recall));
}

const lines = (plan: Plan): string[] =>
  plan.phases.flatMap(({ tasks }) =>
    tasks.flatMap(({ id, changes }) =>
      changes.map(
        ({ object, from, to }) => `${id}: ${object} ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
      ),
    ),
  );

describe('the plan of a live run', () => {
  test('lists every change in order, each over what the earlier ones would have made', async () => {
    const reason = JSON.stringify(northward.roReason);
    expect(lines(await planOf(new SmallWorld(south), 'live'))).toEqual([
      '00-lock-deployments: host/deploy#deployments "unlocked" → "locked"',
      '00-disable-puppet: host/maint.south#puppet "enabled" → "disabled"',
      '00-disable-puppet: host/maint.north#puppet "enabled" → "disabled"',
      '00-reduce-ttl: discovery/dnsdisc=wiki-rw,name=south#ttl 300 → 10',
      '00-reduce-ttl: discovery/dnsdisc=wiki-rw,name=north#ttl 300 → 10',
      '00-reduce-ttl: discovery/dnsdisc=api-rw,name=south#ttl 300 → 10',
      '00-reduce-ttl: discovery/dnsdisc=api-rw,name=north#ttl 300 → 10',
      '00-warm-up-caches: datacenter/north#caches "as they are" → "warmed up"',
      '01-stop-periodic-jobs: host/maint.south#jobs "running" → "stopped"',
      '01-kill-maintenance-scripts: host/maint.south#kill-maintenance-scripts "to be done" → "done"',
      '01-kill-maintenance-scripts: host/maint.north#kill-maintenance-scripts "to be done" → "done"',
      `02-set-read-only: mwconfig/name=ReadOnly,scope=south#val false → ${reason}`,
      `02-set-read-only: mwconfig/name=ReadOnly,scope=north#val false → ${reason}`,
      '03-set-db-read-only: database/s2.south#access "read-write" → "read-only"',
      '03-set-db-read-only: database/s1.south#access "read-write" → "read-only"',
      '04-pool-to: discovery/dnsdisc=wiki-rw,name=north#pooled false → true',
      '04-pool-to: discovery/dnsdisc=api-rw,name=north#pooled false → true',
      '04-set-primary: mwconfig/name=WMFMasterDatacenter,scope=common#val "south" → "north"',
      '04-depool-from: discovery/dnsdisc=wiki-rw,name=south#pooled true → false',
      '04-depool-from: discovery/dnsdisc=api-rw,name=south#pooled true → false',
      '06-set-db-read-write: database/s2.north#access "read-only" → "read-write"',
      '06-set-db-read-write: database/s1.north#access "read-only" → "read-write"',
      `07-set-read-write: mwconfig/name=ReadOnly,scope=south#val ${reason} → false`,
      `07-set-read-write: mwconfig/name=ReadOnly,scope=north#val ${reason} → false`,
      '08-wipe-recursor-caches: host/recursor.north#wipe-discovery-caches "to be done" → "done"',
      '08-wipe-recursor-caches: host/recursor.south#wipe-discovery-caches "to be done" → "done"',
      '08-restart-job-runners: host/jobrunner.south#restart-job-runners "to be done" → "done"',
      '08-enable-puppet: host/maint.south#puppet "disabled" → "enabled"',
      '08-enable-puppet: host/maint.north#puppet "disabled" → "enabled"',
      '08-run-puppet: host/maint.south#run-puppet "to be done" → "done"',
      '08-run-puppet: host/maint.north#run-puppet "to be done" → "done"',
      '09-restore-ttl: discovery/dnsdisc=wiki-rw,name=south#ttl 10 → 300',
      '09-restore-ttl: discovery/dnsdisc=wiki-rw,name=north#ttl 10 → 300',
      '09-restore-ttl: discovery/dnsdisc=api-rw,name=south#ttl 10 → 300',
      '09-restore-ttl: discovery/dnsdisc=api-rw,name=north#ttl 10 → 300',
      '09-remove-stale-confd-errors: host/dns.north#remove-stale-confd-errors "to be done" → "done"',
      '09-remove-stale-confd-errors: host/dns.south#remove-stale-confd-errors "to be done" → "done"',
      '09-run-puppet-on-primaries: host/db.south#run-puppet-on-primaries "to be done" → "done"',
      '09-run-puppet-on-primaries: host/db.north#run-puppet-on-primaries "to be done" → "done"',
      '09-unlock-deployments: host/deploy#deployments "locked" → "unlocked"',
    ]);
  });

  test('nothing in it is blocked in a world that is ready, and nothing is written by making it', async () => {
    const world = new SmallWorld(south);
    const before = world.picture();
    const plan = await planOf(world, 'live');
    const blocked = plan.phases.flatMap(({ tasks }) =>
      tasks.filter(({ finding }) => finding.kind === 'blocked'),
    );
    expect(blocked).toEqual([]);
    expect(world.picture()).toEqual(before);
  });

  test('its digest does not depend on positions, time or who is asked first', async () => {
    const first = new SmallWorld(south);
    const later = new SmallWorld(south);
    later.time += 86_400_000;
    later.written.set('s1.south', 4_711);
    later.edits = 7;
    expect((await planOf(later, 'live')).digest).toBe((await planOf(first, 'live')).digest);
  });

  test('its digest depends on what is changed: on another order, reason, or state of the world', async () => {
    const world = new SmallWorld(south);
    const pooled = new SmallWorld(south);
    pooled.put('discovery', { dnsdisc: 'api-rw', name: north }, { pooled: true });
    const digests = [
      (await planOf(world, 'live')).digest,
      (await planOf(world, 'live', { order: 'merged' })).digest,
      (await planOf(world, 'live', { roReason: 'Another reason.' })).digest,
      (await planOf(world, 'dry-run')).digest,
      (await planOf(pooled, 'live')).digest,
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('what was approved is still the plan when the gates open: its phases have the same digests', async () => {
    const world = new SmallWorld(south);
    world.setFacts('maint.south', { scripts: '3' });
    const digests = (plan: Plan, from: number): string[] =>
      plan.phases.filter(({ id }) => Number(id) >= from).map(({ digest }) => digest);
    const asked = await planOf(world, 'live');
    const walker = new Walker(world);
    const remaining = async (from: number): Promise<string[]> =>
      digests(await planOf(world, 'live', {}, walker, from), from);
    const walkPhase = async (phase: string): Promise<void> => {
      const tasks = resolved('live').filter(acts);
      for (const task of tasks.filter((one) => one.phase === phase)) await walker.walk(task.id, task.step);
    };
    await walkPhase('0');
    // Meanwhile scripts come and go, puppet has run, and the DNS hosts got rid of a trouble.
    world.setFacts('maint.south', { scripts: '5', 'puppet-run': 'fresh' });
    world.setFacts('dns.north', { confd: 'none' });
    expect(await remaining(1)).toEqual(digests(asked, 1));
    await walkPhase('1');
    expect(await remaining(2)).toEqual(digests(asked, 2));
  });

  test('replication that stands still is told before anything is done', async () => {
    const world = new SmallWorld(south);
    world.broken.set('s1', 'Duplicate entry');
    const plan = await planOf(world, 'live');
    const task = plan.phases.flatMap(({ tasks }) => tasks).find(({ id }) => id === '03-wait-until-in-sync');
    expect(task?.finding.kind).toBe('blocked');
  });
});

test('what would stop the run is told in the plan already', async () => {
  const world = new SmallWorld(south);
  world.access.set('s2.north', 'read-write');
  const plan = await planOf(world, 'live');
  const task = plan.phases
    .flatMap(({ tasks }) => tasks)
    .find(({ id }) => id === '03-check-to-databases-read-only');
  expect(task?.finding).toMatchObject({ kind: 'blocked', evidence: [{ about: 's2.north access' }] });
});

test('job runners are restarted without a wipe where only that is asked for', async () => {
  const only = ['08-restart-job-runners'];
  expect(lines(await planOf(new SmallWorld(south), 'live', { only }))).toEqual([
    '08-restart-job-runners: host/jobrunner.south#restart-job-runners "to be done" → "done"',
  ]);
});

test('the plan of a live test changes read-only in the passive datacenter alone', async () => {
  const plan = lines(await planOf(new SmallWorld(north), 'live-test'));
  expect(plan.filter((line) => /^0[2-7]/.test(line))).toEqual([
    `02-set-read-only: mwconfig/name=ReadOnly,scope=south#val false → "[NON-PRIMARY-DC] ${northward.roReason}"`,
    `07-set-read-write: mwconfig/name=ReadOnly,scope=south#val "[NON-PRIMARY-DC] ${northward.roReason}" → false`,
  ]);
});

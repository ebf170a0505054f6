import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Access } from '../../../src/databases/databases.js';
import { allOf, recordsOf } from '../../support/small-law.js';
import { acts, northward, resolved } from '../../support/small-runbook.js';
import { SmallWorld, north, smallInstallation, south } from '../../support/small-world.js';
import { Walker } from '../../support/walk.js';

/** South to north while north is the primary: from the passive one to the active one. */
const tasks = resolved('live-test').filter(acts);
const notice = `[NON-PRIMARY-DC] ${northward.roReason}`;

/** What of the world belongs to the wiki's readers and writers, and may not change in a rehearsal but for one object. */
const untouchable = (world: SmallWorld): unknown => ({
  primaryDatacenter: world.field('mwconfig/name=WMFMasterDatacenter,scope=common', 'val'),
  pooled: recordsOf(world, 'pooled'),
  access: Object.fromEntries(world.access),
  north: allOf(world, north),
});

test('a live test walks through all phases and leaves the primary as it is at every moment', async () => {
  const world = new SmallWorld(north);
  const before = untouchable(world);
  const walker = new Walker(world);
  const notices = new Set<unknown>();
  for (const task of tasks) {
    const { finding } = await walker.walk(task.id, task.step, () => {
      expect(untouchable(world)).toEqual(before);
      notices.add(allOf(world, south).readOnly);
    });
    expect([task.id, finding.kind, finding.evidence.filter(({ warning }) => warning)]).toEqual([
      task.id,
      'holds',
      [],
    ]);
  }
  expect([...notices]).toEqual([false, notice]);
  expect(allOf(world, south).readOnly).toBe(false);
  expect(recordsOf(world, 'ttl')).toEqual([300, 300, 300, 300]);
  expect(world.facts.get('maint.north#jobs')).toBe('running');
  expect(world.facts.get('deploy#deployments')).toBe('unlocked');
});

test('taken back from the middle, nothing is left of it', async () => {
  const world = new SmallWorld(north);
  const before = world.picture();
  const walker = new Walker(world);
  const walked = tasks.filter(({ phase }) => Number(phase) <= 6);
  for (const task of walked) await walker.walk(task.id, task.step);
  expect(allOf(world, south).readOnly).toBe(notice);
  for (const task of walked.reverse()) await walker.back(task.id, task.rollback);
  expect(world.picture()).toEqual(before);
});

test('jobs are stopped, and caches warmed, in the passive datacenter only', async () => {
  const world = new SmallWorld(north);
  world.setFacts('maint.south', { jobs: 'running', scripts: '2' });
  world.setFacts('maint.north', { jobs: 'running', scripts: '3' });
  const walker = new Walker(world);
  const touched: string[] = [];
  for (const task of tasks.filter(({ id }) => id.startsWith('01-') || id === '00-warm-up-caches'))
    touched.push(...(await walker.walk(task.id, task.step)).changes.flatMap(({ hosts }) => hosts ?? []));
  expect(new Set(touched)).toEqual(new Set(['maint.south']));
  expect(world.facts.get('maint.north#scripts')).toBe('3');
  expect(world.facts.get('maint.south#scripts')).toBe('none');
});

describe('replication that is not set up yet', () => {
  const inSync = tasks.find(({ id }) => id === '03-wait-until-in-sync')!;

  test('is a warning', async () => {
    const world = new SmallWorld(north);
    world.broken.set('s1', 'not configured');
    const { finding } = await new Walker(world).walk(inSync.id, inSync.step);
    expect(finding).toMatchObject({
      kind: 'holds',
      evidence: [{ about: 's1.north replication', seen: 'stopped: not configured', warning: true }],
    });
  });

  test('does not hide a passive primary that is writable', async () => {
    const world = new SmallWorld(north);
    world.access.set('s1.south', 'read-write');
    expect((await new Walker(world).walk(inSync.id, inSync.step)).finding.kind).toBe('blocked');
  });
});

describe('where the world is not as a live test expects, it is blocked and nothing is written', () => {
  const cases: [string, string, (world: SmallWorld) => void][] = [
    [
      '03-set-db-read-only',
      'database/s1.south#access',
      (world) => world.access.set('s1.south', 'read-write'),
    ],
    [
      '04-pool-to',
      'discovery/dnsdisc=api-rw,name=north#pooled',
      (world) => {
        pool(world, 'north', false);
      },
    ],
    [
      '04-set-primary',
      'mwconfig/name=WMFMasterDatacenter,scope=common#val',
      (world) => {
        world.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val: 'south' });
      },
    ],
    [
      '04-depool-from',
      'discovery/dnsdisc=api-rw,name=south#pooled',
      (world) => {
        pool(world, 'south', true);
      },
    ],
    [
      '06-set-db-read-write',
      'database/s1.north#access',
      (world) => world.access.set('s1.north', 'read-only'),
    ],
  ];
  const pool = (world: SmallWorld, name: string, pooled: boolean): void => {
    world.put('discovery', { dnsdisc: 'api-rw', name }, { pooled });
  };

  test.each(cases)('%s: %s', async (id, object, spoil) => {
    const world = new SmallWorld(north);
    spoil(world);
    const before = world.picture();
    const task = tasks.find((candidate) => candidate.id === id)!;
    const walked = await new Walker(world).walk(id, task.step);
    expect(walked).toMatchObject({
      applied: false,
      changes: [],
      finding: { kind: 'blocked', evidence: [{ about: object }] },
    });
    expect(world.picture()).toEqual(before);
  });
});

test('what is so already is still looked at: every server has to say so', async () => {
  const world = new SmallWorld(north);
  const primary = (val: string): void => {
    world.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val });
  };
  primary('south');
  world.time += 20_000;
  await world.readers().site.views([south], new AbortController().signal);
  primary('north');
  world.stuck.add('mw1.south');
  world.silent.add('ns1');
  const lookAt = async (id: string): Promise<unknown> => {
    const task = tasks.find((candidate) => candidate.id === id)!;
    const { finding } = await new Walker(world).walk(id, task.step);
    return [finding.kind, finding.evidence[0]?.about];
  };
  expect(await lookAt('04-set-primary')).toEqual(['not-yet', 'mw1.south']);
  expect(await lookAt('04-depool-from')).toEqual(['not-yet', 'wiki-rw at ns1 from south']);
});

test('in no world at all does a live test declare or make a change to what people read and write', async () => {
  const access = fc.constantFrom<Access>('read-only', 'read-write');
  const readOnly = fc.constantFrom<string | false>(false, notice, northward.roReason, 'somebody else');
  const primaries = [north, south].flatMap((dc) => smallInstallation.sections.map((name) => `${name}.${dc}`));
  const worlds = fc.record({
    primary: fc.constantFrom(north, south),
    named: fc.constantFrom('north', 'south', 'elsewhere'),
    access: fc.tuple(...primaries.map(() => access)),
    readOnly: fc.tuple(readOnly, readOnly),
    pooled: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    jobs: fc.constantFrom('running', 'stopped'),
    silent: fc.subarray([...primaries, 'mw1.north', 'ns0', 'maint.south', 'maint.north']),
  });
  await fc.assert(
    fc.asyncProperty(worlds, async (given) => {
      const world = new SmallWorld(given.primary);
      primaries.forEach((name, at) => world.access.set(name, given.access[at] ?? 'read-only'));
      [north, south].forEach((dc, at) => {
        world.put('mwconfig', { scope: dc, name: 'ReadOnly' }, { val: given.readOnly[at] ?? false });
      });
      world.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val: given.named });
      smallInstallation.wiki.readWriteRecords.forEach((record, at) => {
        world.put('discovery', { dnsdisc: record, name: north }, { pooled: given.pooled[at] ?? false });
        world.put('discovery', { dnsdisc: record, name: south }, { pooled: given.pooled[at + 2] ?? false });
      });
      world.setFacts('maint.north', { jobs: given.jobs, scripts: '1' });
      given.silent.forEach((name) => world.silent.add(name));
      const before = untouchable(world);
      const walker = new Walker(world, 3);
      for (const task of tasks) {
        const { changes } = await walker.walk(task.id, task.step);
        expect(
          changes.filter(({ object }) => /#access|#pooled|WMFMaster|ReadOnly,scope=north/.test(object)),
        ).toEqual([]);
        if (task.phase === '1')
          expect(changes.flatMap(({ hosts }) => hosts ?? [])).not.toContain('maint.north');
        expect(untouchable(world)).toEqual(before);
        await walker.back(task.id, task.rollback);
        expect(untouchable(world)).toEqual(before);
      }
    }),
    { numRuns: 30 },
  );
});

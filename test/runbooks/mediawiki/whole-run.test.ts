import { describe, expect, test } from '@jest/globals';
import { allOf, between, recordsOf } from '../../support/small-law.js';
import { type Acting, acts, isOwedOnceReached, northward, resolved } from '../../support/small-runbook.js';
import { SmallWorld, north, smallInstallation, south } from '../../support/small-world.js';
import { Walker } from '../../support/walk.js';

const LIFETIME = smallInstallation.wiki.configCacheLifetime;

/** Walks the acting tasks up to and including one; after every write nothing may be true that must never be. */
async function walkTo(
  walker: Walker<SmallWorld>,
  last: string,
  order: 'strict' | 'merged' = 'strict',
): Promise<Acting[]> {
  const walked: Acting[] = [];
  for (const task of resolved('live', { order }).filter(acts)) {
    const result = await walker.walk(task.id, task.step, () => between(walker.world));
    expect([task.id, result.finding.kind]).toEqual([task.id, 'holds']);
    if (result.applied || isOwedOnceReached(task)) walked.push(task);
    if (task.id === last) break;
  }
  return walked;
}

test('a live run moves writing from one datacenter to the other, and leaves everything else as it was', async () => {
  const world = new SmallWorld(south);
  await walkTo(new Walker(world), '10-check-recent-changes');
  expect(allOf(world, north)).toEqual({
    readOnly: false,
    access: ['read-write', 'read-write'],
    pooled: [true, true],
  });
  expect(allOf(world, south)).toEqual({
    readOnly: false,
    access: ['read-only', 'read-only'],
    pooled: [false, false],
  });
  expect(world.field('mwconfig/name=WMFMasterDatacenter,scope=common', 'val')).toBe('north');
  expect(recordsOf(world, 'ttl')).toEqual([300, 300, 300, 300]);
  expect(Object.fromEntries(world.facts)).toMatchObject({
    'deploy#deployments': 'unlocked',
    'maint.north#puppet': 'enabled',
    'maint.south#puppet': 'enabled',
    'maint.north#jobs': 'running',
    'maint.south#jobs': 'stopped',
    'recursor.north#recursor-cache': 'current',
    'recursor.south#recursor-cache': 'current',
    'jobrunner.south#connections': 'none',
    'dns.north#confd': 'none',
  });
});

test('whatever has been done is not done again: a second check lists no changes', async () => {
  const world = new SmallWorld(south);
  const walker = new Walker(world);
  for (const task of resolved('live').filter(acts)) {
    await walker.walk(task.id, task.step);
    const again = await task.step.check(world.readers(walker.recall));
    // How warm caches are cannot be read, so a further round can always be made.
    if (task.id !== '00-warm-up-caches') expect([task.id, again.changes]).toEqual([task.id, []]);
  }
});

const beforeTheEnd = resolved('live')
  .filter(acts)
  .map(({ id }) => id)
  .filter((id) => id < '07');

describe('taken back in reverse order, the world is as it was', () => {
  const cases = beforeTheEnd.flatMap((id) => [[id, 'strict'] as const, [id, 'merged'] as const]);
  test.each(cases)('after %s (%s order)', async (last, order) => {
    const world = new SmallWorld(south);
    const before = world.picture();
    const walker = new Walker(world);
    const walked = await walkTo(walker, last, order);
    for (const task of walked.reverse()) {
      const back = await walker.back(task.id, task.rollback, () => between(world));
      if (back !== undefined)
        expect([task.id, back.finding]).toEqual([task.id, expect.objectContaining({ kind: 'holds' })]);
    }
    expect(world.picture()).toEqual(before);
  });
});

test('an edit made between 06 and its being taken back is not lost: the old primary has to have executed it', async () => {
  const world = new SmallWorld(south);
  const walker = new Walker(world);
  const walked = await walkTo(walker, '06-set-db-read-write');
  world.written.set('s1.north', 107);
  world.broken.set('s1', 'Duplicate entry');
  const task = walked.at(-1)!;
  const blocked = await walker.back(task.id, task.rollback);
  expect(blocked?.finding).toMatchObject({ kind: 'blocked', evidence: [{ about: 's1.south replication' }] });
  world.broken.clear();
  const back = await walker.back(task.id, task.rollback);
  expect(back?.finding.kind).toBe('holds');
  expect(world.executed.get('s1.south')).toBe(107);
});

test('the old primary is not opened again while one of the new ones is writable, or does not say', async () => {
  const world = new SmallWorld(south);
  const walker = new Walker(world);
  const walked = await walkTo(walker, '03-set-db-read-only');
  const task = walked.at(-1)!;
  world.access.set('s2.north', 'read-write');
  world.silent.add('s1.north');
  const back = await walker.back(task.id, task.rollback);
  expect(back).toMatchObject({ applied: false, finding: { kind: 'blocked' } });
  expect(back?.finding.evidence.map(({ about, seen }) => `${about}: ${seen}`)).toEqual([
    's2.north access: read-write',
    's1.north access: no answer: no route to host',
  ]);
});

test('a database that was read-only before the run is not opened by taking it back', async () => {
  const world = new SmallWorld(south);
  world.access.set('s2.south', 'read-only');
  const walker = new Walker(world);
  const task = resolved('live')
    .filter(acts)
    .find(({ id }) => id === '03-set-db-read-only')!;
  await walker.walk(task.id, task.step);
  await walker.back(task.id, task.rollback);
  expect(allOf(world, south).access).toEqual(['read-only', 'read-write']);
});

describe('what did not answer at first is on the way back all the same', () => {
  const walkBoth = async (world: SmallWorld, id: string, name: string): Promise<void> => {
    const walker = new Walker(world);
    const task = resolved('live')
      .filter(acts)
      .find((candidate) => candidate.id === id)!;
    world.silent.add(name);
    expect((await walker.walk(task.id, task.step)).finding.kind).toBe('not-yet');
    world.silent.clear();
    expect((await walker.walk(task.id, task.step)).finding.kind).toBe('holds');
    await walker.back(task.id, task.rollback);
  };

  test('a database primary', async () => {
    const world = new SmallWorld(south);
    await walkBoth(world, '03-set-db-read-only', 's1.south');
    expect(allOf(world, south).access).toEqual(['read-write', 'read-write']);
  });

  test('a maintenance host', async () => {
    const world = new SmallWorld(south);
    await walkBoth(world, '00-disable-puppet', 'maint.north');
    expect(world.facts.get('maint.north#puppet')).toBe('enabled');
  });
});

test('what somebody else had locked, disabled or stopped before stays so, forwards and when taken back', async () => {
  const world = new SmallWorld(south);
  world.setFacts('deploy', { deployments: 'locked' });
  world.setFacts('maint.south', { puppet: 'disabled' });
  const walker = new Walker(world);
  await walkTo(walker, '08-enable-puppet');
  for (const task of resolved('live').filter(acts))
    if (task.id === '09-unlock-deployments') await walker.walk(task.id, task.step);
  expect(world.facts.get('deploy#deployments')).toBe('locked');
  expect(world.facts.get('maint.south#puppet')).toBe('disabled');
  expect(world.facts.get('maint.north#puppet')).toBe('enabled');
});

test('merged order saves a lifetime of configuration caches; strict order needs three of them at most', async () => {
  const window = async (order: 'strict' | 'merged'): Promise<number> => {
    const world = new SmallWorld(south);
    const walker = new Walker(world);
    await walkTo(walker, '01-kill-maintenance-scripts', order);
    const began = world.time;
    const tasks = resolved('live', { order }).filter(
      (task) => acts(task) && task.id >= '02' && task.id <= '07-z',
    );
    const proofs: (() => Promise<unknown>)[] = [];
    for (const task of tasks.filter(acts)) {
      if (task.provenBy === task.phase) {
        await walker.walk(task.id, task.step);
        continue;
      }
      const see = world.readers(walker.recall);
      const { before } = await task.step.check(see);
      await task.step.apply(world.writers(), before);
      walker.recorded.set(task.id, { before });
      proofs.push(() => walker.walk(task.id, task.step));
    }
    for (const proof of proofs) await proof();
    return world.time - began;
  };
  const strict = await window('strict');
  const merged = await window('merged');
  expect(strict - merged).toBeGreaterThanOrEqual(LIFETIME / 2);
  expect(strict).toBeLessThanOrEqual(3 * LIFETIME + 2_000);
});

test('params are plain data that parse to themselves', () => {
  expect(JSON.parse(JSON.stringify(northward))).toEqual(northward);
});

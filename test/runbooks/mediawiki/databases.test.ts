import { describe, expect, test } from '@jest/globals';
import { taskNamed } from '../../support/small-runbook.js';
import { SmallWorld, north, south } from '../../support/small-world.js';
import { type Walked, Walker } from '../../support/walk.js';

const walk = async (id: string, world: SmallWorld): Promise<Walked> => {
  const task = taskNamed(id);
  return new Walker(world).walk(id, task);
};

describe('03: lock the database primaries', () => {
  test('blocked where a primary of the new datacenter is writable', async () => {
    const world = new SmallWorld(south);
    world.access.set('s2.north', 'read-write');
    expect((await walk('03-check-to-databases-read-only', world)).finding).toEqual({
      kind: 'blocked',
      evidence: [{ about: 's2.north access', seen: 'read-write', expected: 'read-only' }],
    });
  });

  test('a primary that does not answer is waited for, and then named', async () => {
    const world = new SmallWorld(south);
    world.silent.add('s2.north');
    expect((await walk('03-check-to-databases-read-only', world)).finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ about: 's2.north access' }],
    });
  });

  test('all primaries of the old datacenter are set in one go', async () => {
    const world = new SmallWorld(south);
    const { changes, finding } = await walk('03-set-db-read-only', world);
    expect(changes).toEqual([
      { object: 'database/s2.south#access', from: 'read-write', to: 'read-only' },
      { object: 'database/s1.south#access', from: 'read-write', to: 'read-only' },
    ]);
    expect(finding.evidence).toEqual([{ about: '2 primaries in south', seen: 'read-only' }]);
  });

  test('one that silently stayed writable is found by asking again, and stops', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('s1.south');
    expect((await walk('03-set-db-read-only', world)).finding).toEqual({
      kind: 'blocked',
      evidence: [
        { about: 's1.south access', seen: 'read-write', expected: 'read-only' },
        { about: 'when it was set', seen: 's1.south: still read-write' },
      ],
    });
  });

  const locked = (): SmallWorld => {
    const world = new SmallWorld(south);
    for (const name of ['s1.south', 's2.south']) world.access.set(name, 'read-only');
    return world;
  };

  test('in sync is measured by positions read after the old side was seen read-only', async () => {
    const world = locked();
    world.written.set('s1.south', 250);
    const { finding, changes } = await walk('03-wait-until-in-sync', world);
    expect(finding.evidence).toEqual([
      { about: '2 primaries in north', seen: 'have executed everything written in south' },
    ]);
    expect(world.executed.get('s1.north')).toBe(250);
    expect(changes).toEqual([]);
  });

  test('a section that lags is named with the position it has to reach', async () => {
    const world = locked();
    world.written.set('s1.south', 250);
    world.stuck.add('replication s1.north');
    expect((await walk('03-wait-until-in-sync', world)).finding).toEqual({
      kind: 'not-yet',
      evidence: [{ about: 's1.north executed', seen: 'not reached yet', expected: '1-1-250' }],
    });
  });

  test('replication that stands still blocks at once, with its error and what to do', async () => {
    const world = locked();
    world.broken.set('s2', 'Duplicate entry 1062');
    const walked = await walk('03-wait-until-in-sync', world);
    expect(walked.took).toBe(0);
    expect(walked.finding).toMatchObject({
      kind: 'blocked',
      evidence: [
        {
          about: 's2.north replication',
          seen: 'stopped: Duplicate entry 1062',
          expected: expect.stringContaining('START SLAVE'),
        },
      ],
    });
  });

  test.each(['position s2.south', 'replication s2.north'])(
    'a server that does not tell its %s is asked again',
    async (what) => {
      const world = locked();
      world.silent.add(what);
      world.silent.add('heartbeat s2.south');
      expect((await walk('03-wait-until-in-sync', world)).finding).toMatchObject({
        kind: 'not-yet',
        evidence: [{ about: what.split(' ').reverse().join(' '), seen: 'no answer: no route to host' }],
      });
    },
  );

  test('where a primary has no position, a heartbeat proves it that is strictly newer than its own one of read-only', async () => {
    const world = locked();
    world.silent.add('position s2.south');
    world.beatsLate.set('s2', 2_000);
    const walked = await walk('03-wait-until-in-sync', world);
    expect(walked.took).toBeGreaterThan(2_000);
    expect(walked.finding).toEqual({
      kind: 'holds',
      evidence: [
        { about: 's2.north', seen: 'shows a newer heartbeat' },
        { about: '2 primaries in north', seen: 'have executed everything written in south' },
      ],
    });
  });

  test('a heartbeat that is not newer proves nothing', async () => {
    const world = locked();
    world.silent.add('position s2.south');
    world.beatsLate.set('s2', 3_600_000);
    expect((await walk('03-wait-until-in-sync', world)).finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ about: 's2.north heartbeat of south', expected: expect.stringMatching(/^newer than /) }],
    });
  });

  test('replication from elsewhere is not replication from the old primary', async () => {
    const world = locked();
    world.replicatesFrom.set('s1', north);
    expect((await walk('03-wait-until-in-sync', world)).finding).toEqual({
      kind: 'blocked',
      evidence: [{ about: 's1.north replication', seen: 'replicates from north', expected: 'from south' }],
    });
  });

  test('while the old side is writable there is no position to wait for', async () => {
    const world = locked();
    world.access.set('s1.south', 'read-write');
    expect((await walk('03-wait-until-in-sync', world)).finding.kind).toBe('blocked');
  });

  test('a primary that was opened meanwhile is noticed by the proof, before any position is believed', async () => {
    const world = locked();
    const task = taskNamed('03-wait-until-in-sync');
    const see = world.readers();
    const { before } = await task.check(see);
    world.access.set('s1.south', 'read-write');
    const facts = { before, done: undefined, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect(await task.verify(see, facts)).toMatchObject({
      kind: 'blocked',
      evidence: [{ about: 's1.south access' }],
    });
  });

  test('what it records holds no position: a plan is the same whenever it is made', async () => {
    const task = taskNamed('03-wait-until-in-sync');
    expect((await task.check(locked().readers())).before).toBeNull();
  });
});

describe('06-set-db-read-write', () => {
  test.each([
    ['is writable', (world: SmallWorld) => world.access.set('s2.south', 'read-write'), 'read-write'],
    ['does not answer', (world: SmallWorld) => world.silent.add('s2.south'), 'no answer: no route to host'],
  ])('blocked, by name, where a primary of the old datacenter %s', async (_name, spoil, seen) => {
    const world = new SmallWorld(south);
    for (const name of ['s1.south', 's2.south']) world.access.set(name, 'read-only');
    spoil(world);
    expect(await walk('06-set-db-read-write', world)).toMatchObject({
      applied: false,
      finding: { kind: 'blocked', evidence: [{ about: 's2.south access', seen, expected: 'read-only' }] },
    });
    expect(world.access.get('s1.north')).toBe('read-only');
  });

  test('a primary of the new datacenter that does not answer is not one that is writable', async () => {
    const world = new SmallWorld(south);
    for (const name of ['s1.south', 's2.south']) world.access.set(name, 'read-only');
    world.silent.add('s1.north');
    expect(await walk('06-set-db-read-write', world)).toMatchObject({
      applied: false,
      finding: { kind: 'not-yet', evidence: [{ about: 's1.north access' }] },
    });
    const task = taskNamed('06-set-db-read-write');
    const see = world.readers();
    world.access.set('s2.north', 'read-write');
    const facts = { before: [], done: undefined, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect((await task.verify(see, facts)).kind).toBe('not-yet');
  });

  test('its proof sees all of the new ones writable and none of the old ones', async () => {
    const world = new SmallWorld(south);
    for (const name of ['s1.south', 's2.south']) world.access.set(name, 'read-only');
    expect((await walk('06-set-db-read-write', world)).finding.evidence).toEqual([
      { about: '2 primaries in north', seen: 'read-write' },
    ]);
    const task = taskNamed('06-set-db-read-write');
    const see = world.readers();
    world.access.set('s1.south', 'read-write');
    const facts = { before: [], done: undefined, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect((await task.verify(see, facts)).kind).toBe('blocked');
    // One that went down after 06 is not this task's matter: it counts as not writable.
    world.access.set('s1.south', 'read-only');
    world.silent.add('s1.south');
    expect((await task.verify(see, facts)).kind).toBe('holds');
  });
});

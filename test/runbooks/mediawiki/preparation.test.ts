import { describe, expect, test } from '@jest/globals';
import { type WarmUpRound, warmUpGoesOn } from '../../../runbooks/mediawiki/00-warm-up-caches.js';
import { acts, allTasks, resolved, taskNamed } from '../../support/small-runbook.js';
import { SmallWorld, north, smallInstallation, south } from '../../support/small-world.js';
import { Walker } from '../../support/walk.js';

describe('00-reduce-ttl and 00-wait-for-old-ttl', () => {
  const reduce = taskNamed('00-reduce-ttl');
  const wait = taskNamed('00-wait-for-old-ttl');

  test('change the TTL of each record in both datacenters, and nothing else', async () => {
    const world = new SmallWorld(south);
    const { changes, finding } = await new Walker(world).walk(reduce.id, reduce);
    expect(changes).toEqual(
      ['wiki-rw', 'api-rw'].flatMap((record) =>
        ['south', 'north'].map((dc) => ({
          object: `discovery/dnsdisc=${record},name=${dc}#ttl`,
          from: 300,
          to: 10,
        })),
      ),
    );
    expect(finding.kind).toBe('holds');
  });

  test('a DNS server that does not follow is not passed over', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('ns1');
    const { finding } = await new Walker(world).walk(reduce.id, reduce);
    expect(finding.kind).toBe('not-yet');
    expect(finding.evidence[0]).toEqual({
      about: 'wiki-rw at ns1 from south',
      seen: 'TTL 300 s',
      expected: 'TTL 10 s',
    });
  });

  test('the old TTL is waited for from when the last server had followed', async () => {
    const world = new SmallWorld(south);
    const walker = new Walker(world);
    await walker.walk(reduce.id, reduce);
    world.time += 7_000;
    const followed = world.time;
    const see = world.readers(walker.recall);
    const { before } = await wait.check(see);
    const facts = { before, done: undefined, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect(await wait.verify(see, facts)).toMatchObject({ kind: 'not-yet', until: followed + 300_000 });
    world.time = followed + 299_999;
    expect((await wait.verify(see, facts)).kind).toBe('not-yet');
    world.time = followed + 300_000;
    expect((await wait.verify(see, facts)).kind).toBe('holds');
  });

  test('a longer TTL of one record is waited for; those found low may have been lowered a moment ago', async () => {
    const length = async (ttl: number, records: readonly string[]): Promise<number> => {
      const world = new SmallWorld(south);
      for (const dnsdisc of records)
        for (const name of ['north', 'south']) world.put('discovery', { dnsdisc, name }, { ttl });
      const walker = new Walker(world);
      await walker.walk(reduce.id, reduce);
      return (await walker.walk(wait.id, wait)).took;
    };
    expect(await length(600, ['api-rw'])).toBe(600_000);
    expect(await length(10, ['api-rw', 'wiki-rw'])).toBe(300_000);
  });

  test('09-restore-ttl gives each record back what it had, and the usual where that was not recorded', async () => {
    const restore = taskNamed('09-restore-ttl');
    const world = new SmallWorld(south);
    world.put('discovery', { dnsdisc: 'api-rw', name: 'north' }, { ttl: 600 });
    const walker = new Walker(world);
    await walker.walk(reduce.id, reduce);
    expect((await walker.walk(restore.id, restore)).changes.map(({ to }) => to)).toEqual([
      300, 300, 300, 600,
    ]);

    const low = new SmallWorld(south);
    low.put('discovery', { dnsdisc: 'api-rw', name: 'north' }, { ttl: 10 });
    const again = new Walker(low);
    await again.walk(reduce.id, reduce);
    expect((await again.walk(restore.id, restore)).changes.map(({ to }) => to)).toEqual([300, 300, 300, 300]);

    const left = new SmallWorld(south);
    left.put('discovery', { dnsdisc: 'api-rw', name: 'north' }, { ttl: 10 });
    expect((await new Walker(left).walk(restore.id, restore)).changes).toEqual([
      { object: 'discovery/dnsdisc=api-rw,name=north#ttl', from: 10, to: 300 },
    ]);
  });
});

describe('00-warm-up-caches', () => {
  const rounds = (...lengths: number[]): WarmUpRound[] => lengths.map((length) => ({ length, failed: [] }));

  test.each([
    ['fewer than six rounds, however stable', rounds(100, 100, 100, 100, 100), true],
    ['six rounds of which the last is no better', rounds(900, 500, 300, 200, 150, 150), false],
    ['six rounds of which the last is 6 % better', rounds(900, 500, 300, 200, 150, 141), true],
    ['six rounds of which the last is exactly 5 % better', rounds(900, 500, 300, 200, 100, 95), false],
    ['a last round that is slower', rounds(900, 500, 300, 200, 150, 170), false],
    [
      'twenty rounds, however much better',
      rounds(...Array.from({ length: 20 }, (_, at) => 2 ** (20 - at))),
      false,
    ],
  ])('%s', (_name, done, more) => {
    expect(warmUpGoesOn(done)).toBe(more);
  });

  test('goes on until a round is no faster', async () => {
    const world = new SmallWorld(south);
    world.warmUps = [90_000, 60_000, 40_000, 30_000, 25_000, 20_000, 15_000, 14_900, 1];
    const task = taskNamed('00-warm-up-caches');
    const { finding, changes } = await new Walker(world).walk(task.id, task);
    expect(changes).toHaveLength(8);
    expect(changes[0]).toEqual({
      object: 'datacenter/north#caches',
      from: 'as they are',
      to: 'warmed up',
      hosts: ['maint.north'],
    });
    expect(finding.evidence).toEqual([{ about: 'warm-up of north', seen: 'the last round took 14.9 s' }]);
  });

  test('a round that failed is told with the host and what it said', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('maint.north');
    const task = taskNamed('00-warm-up-caches');
    const { finding } = await new Walker(world).walk(task.id, task);
    expect(finding).toEqual({
      kind: 'blocked',
      evidence: [{ about: 'maint.north', seen: 'exit code 1: refused' }],
    });
  });
});

describe('10: verification', () => {
  test('editing is seen, not believed', async () => {
    const world = new SmallWorld(south);
    const task = taskNamed('10-check-editing');
    world.edits = 0;
    expect((await new Walker(world).walk(task.id, task)).finding.kind).toBe('not-yet');
    world.edits = 1;
    expect((await new Walker(world).walk(task.id, task)).finding.kind).toBe('holds');
    world.silent.add('mw2.north');
    expect((await new Walker(world).walk(task.id, task)).finding.evidence[0]?.about).toBe('mw2.north');
  });

  test('does not wait for caches where the number of app servers is not known', async () => {
    const world = new SmallWorld(south);
    const unknown = { ...smallInstallation, wiki: { ...smallInstallation.wiki, appServers: {} } };
    const task = taskNamed('10-check-editing', {}, unknown);
    expect((await new Walker(world).walk(task.id, task)).took).toBe(0);
  });

  test('edits that are not listed as recent changes are noticed', async () => {
    const world = new SmallWorld(south);
    world.recentChanges = 0;
    const task = taskNamed('10-check-recent-changes');
    expect((await new Walker(world).walk(task.id, task)).finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ seen: '0 for 40 edits' }],
    });
  });
});

test('manual tasks name a role that people hold and a line for the log', () => {
  for (const task of allTasks())
    if ('assignedTo' in task) {
      expect(task.salText).toMatch(/^Phase \d+(\.\d+)? [A-Z]/);
      expect(task.assignedTo).toMatch(
        /^(operator|dba|traffic|service-operations|release-engineering|community-relations)$/,
      );
    }
});

describe('00-check-job-runners', () => {
  const look = taskNamed('00-check-job-runners');

  test('changes nothing, and warns of those that do not answer or have connections from an earlier time', async () => {
    const world = new SmallWorld(south);
    world.setFacts('jobrunner.north', { connections: 'old' });
    const old = await new Walker(world).walk(look.id, look);
    expect(old).toMatchObject({ applied: false, changes: [], finding: { kind: 'holds' } });
    expect(old.finding.evidence.filter(({ warning }) => warning)).toEqual([
      { about: 'jobrunner.north', seen: 'old', expected: 'none', warning: true },
    ]);
    world.silent.add('jobrunner.north');
    const { finding } = await new Walker(world).walk(look.id, look);
    expect(finding).toMatchObject({
      kind: 'holds',
      evidence: [{ about: '0 hosts' }, { about: 'jobrunner.north', warning: true }],
    });
  });

  test('in a live test looks at those of the passive datacenter', async () => {
    const world = new SmallWorld(south);
    world.silent.add('jobrunner.north');
    const passive = resolved('live-test', { from: north, to: south }).filter(acts);
    const step = passive.find(({ id }) => id === look.id)!.step;
    const { finding } = await new Walker(world).walk(look.id, step);
    expect(finding.evidence.at(-1)).toMatchObject({ about: 'jobrunner.north', warning: true });
  });

  test('taken back, has the job runners of the new datacenter restarted where something had connected', async () => {
    const world = new SmallWorld(south);
    const walker = new Walker(world);
    await walker.walk(look.id, look);
    expect(await walker.back(look.id, look.rollback)).toMatchObject({ applied: false, changes: [] });
    await walker.walk('04-pool-to', taskNamed('04-pool-to'));
    expect(await walker.back(look.id, look.rollback)).toMatchObject({
      changes: [{ object: 'host/jobrunner.north#connections', from: 'old', to: 'none' }],
      finding: { kind: 'holds' },
    });
    expect(world.facts.get('jobrunner.south#connections')).toBe('old');
  });

  test('taken back, waits for a job runner that does not answer: that is not a warning there', async () => {
    const world = new SmallWorld(south);
    world.silent.add('jobrunner.north');
    const back = await new Walker(world, 3).back(look.id, look.rollback);
    expect(back).toMatchObject({ applied: false, finding: { kind: 'not-yet' } });
  });
});

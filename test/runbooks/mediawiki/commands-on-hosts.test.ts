import { describe, expect, test } from '@jest/globals';
import { wipeRecursorCaches } from '../../../runbooks/mediawiki/08-wipe-recursor-caches.js';
import { smallOperations } from '../../support/small-operations.js';
import { northward, taskNamed } from '../../support/small-runbook.js';
import { SmallWorld, smallInstallation, south } from '../../support/small-world.js';
import { Walker } from '../../support/walk.js';

describe('commands on hosts', () => {
  test('each host that has something to do is a change with its own fact', async () => {
    const world = new SmallWorld(south);
    world.setFacts('maint.north', { puppet: 'disabled' });
    const task = taskNamed('00-disable-puppet');
    const { changes } = await new Walker(world).walk(task.id, task);
    expect(changes).toEqual([
      { object: 'host/maint.south#puppet', from: 'enabled', to: 'disabled', hosts: ['maint.south'] },
    ]);
  });

  test('a host that does not answer is waited for, and then named', async () => {
    const world = new SmallWorld(south);
    world.silent.add('maint.north');
    const task = taskNamed('00-disable-puppet');
    const walked = await new Walker(world).walk(task.id, task);
    expect(walked).toMatchObject({
      applied: false,
      finding: { kind: 'not-yet', evidence: [{ about: 'maint.north' }] },
    });
  });

  test('a command that fails stops with what the host said', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('maint.south');
    const task = taskNamed('01-stop-periodic-jobs');
    const { finding } = await new Walker(world).walk(task.id, task);
    expect(finding).toEqual({
      kind: 'blocked',
      evidence: [{ about: 'maint.south', seen: 'exit code 1: refused', expected: 'stopped' }],
    });
  });

  test('a command that ended well and changed nothing is looked at again, and then named', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('effect maint.south');
    const task = taskNamed('01-stop-periodic-jobs');
    expect(await new Walker(world).walk(task.id, task)).toMatchObject({
      applied: true,
      finding: {
        kind: 'not-yet',
        evidence: [{ about: 'maint.south', seen: 'running', expected: 'stopped' }],
      },
    });
  });

  test.each([
    ['00-lock-deployments', 'deploy', { deployments: 'locked' }],
    ['00-disable-puppet', 'maint.north', { puppet: 'disabled' }],
  ])('%s, taken back, leaves alone what was so before the run', async (id, host, facts) => {
    const world = new SmallWorld(south);
    world.setFacts(host, facts);
    const before = world.picture();
    const task = taskNamed(id);
    const walker = new Walker(world);
    await walker.walk(id, task);
    await walker.back(id, task.rollback);
    expect(world.picture()).toEqual(before);
  });

  test('the same command is given once, to each host once', async () => {
    const world = new SmallWorld(south);
    const queries: string[] = [];
    const task = taskNamed('00-disable-puppet');
    const { before } = await task.check(world.readers());
    const writers = world.writers();
    await task.apply(
      {
        ...writers,
        hosts: { run: (query, command) => (queries.push(query), writers.hosts.run(query, command)) },
      },
      before,
    );
    expect(queries).toEqual(['maint.south or maint.north']);
  });

  test('best effort: what fails, or does not answer, is a warning', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('dns.south');
    world.silent.add('dns.north');
    const task = taskNamed('09-remove-stale-confd-errors');
    const { finding } = await new Walker(world).walk(task.id, task);
    expect(finding.kind).toBe('holds');
    expect(finding.evidence.map(({ about, warning }) => [about, warning])).toEqual([
      ['dns.south', true],
      ['dns.north', true],
    ]);
  });

  test.each([
    ['does not answer', (world: SmallWorld) => world.silent.add('recursor.south'), 'unreachable'],
    ['refuses to be wiped', (world: SmallWorld) => world.stuck.add('recursor.south'), 'exit code 1: refused'],
    ['is stale all the same', (world: SmallWorld) => world.stuck.add('effect recursor.south'), 'stale'],
  ])('a recursor that %s is a warning; the job runners are restarted', async (_, trouble, seen) => {
    const world = new SmallWorld(south);
    trouble(world);
    const walker = new Walker(world);
    const wipe = taskNamed('08-wipe-recursor-caches');
    const { applied, finding } = await walker.walk(wipe.id, wipe);
    expect([applied, finding.kind]).toEqual([true, 'holds']);
    expect(finding.evidence).toEqual([
      expect.objectContaining({
        about: 'recursor.south',
        warning: true,
        seen: expect.stringContaining(seen),
      }),
    ]);
    expect(world.facts.get('recursor.north#recursor-cache')).toBe('current');
    const restart = taskNamed('08-restart-job-runners');
    expect((await walker.walk(restart.id, restart)).finding.kind).toBe('holds');
  });

  test('recursors forget every read-write record, each an argument of its own, also where they seem current', async () => {
    const argv = ['rec_control', 'wipe-cache', '{records}.discovery.test'];
    const wiping = smallOperations['wipe-discovery-caches'];
    const operations = {
      ...smallOperations,
      'wipe-discovery-caches': { ...wiping, run: { ...wiping.run, argv } },
    };
    const world = new SmallWorld(south);
    for (const dc of ['north', 'south']) world.setFacts(`recursor.${dc}`, { 'recursor-cache': 'current' });
    const task = wipeRecursorCaches({ installation: smallInstallation, operations, params: northward });
    const seen: (readonly [string, readonly string[]])[] = [];
    const { before } = await task.check(world.readers());
    const writers = world.writers();
    await task.apply(
      {
        ...writers,
        hosts: {
          run: (query, command) => (seen.push([query, command.argv]), writers.hosts.run(query, command)),
        },
      },
      before,
    );
    expect(seen).toEqual([
      [
        'recursor.north or recursor.south',
        ['rec_control', 'wipe-cache', 'wiki-rw.discovery.test', 'api-rw.discovery.test'],
      ],
    ]);
  });

  test('scripts count as killed only while no job starts new ones', async () => {
    const world = new SmallWorld(south);
    world.setFacts('maint.south', { scripts: '4' });
    const task = taskNamed('01-kill-maintenance-scripts');
    const { finding } = await new Walker(world).walk(task.id, task);
    expect(finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ about: 'maint.south', seen: 'running', expected: 'stopped' }],
    });
  });

  test('what is due because of the run is done once in it, whatever a host says, and has to end well', async () => {
    const world = new SmallWorld(south);
    world.setFacts('db.north', { 'puppet-run': 'fresh' });
    const task = taskNamed('09-run-puppet-on-primaries');
    const walker = new Walker(world);
    const first = await walker.walk(task.id, task);
    expect(first.changes.flatMap(({ hosts }) => hosts)).toEqual(['db.south', 'db.north']);
    expect((await walker.walk(task.id, task)).changes).toEqual([]);
    world.setFacts('db.north', { 'puppet-run': 'due' });
    expect((await walker.walk(task.id, task)).changes.flatMap(({ hosts }) => hosts)).toEqual(['db.north']);

    const failing = new SmallWorld(south);
    failing.setFacts('db.north', { 'puppet-run': 'fresh' });
    failing.stuck.add('db.north');
    expect((await new Walker(failing).walk(task.id, task)).finding).toEqual({
      kind: 'blocked',
      evidence: [{ about: 'db.north', seen: 'exit code 1: refused', expected: 'fresh' }],
    });
  });

  test('maintenance has to be seen at work in the new primary', async () => {
    const world = new SmallWorld(south);
    world.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val: 'north' });
    world.setFacts('maint.north', { puppet: 'disabled' });
    const task = taskNamed('08-run-puppet');
    const { finding } = await new Walker(world).walk(task.id, task);
    expect(finding).toMatchObject({ kind: 'not-yet', evidence: [{ about: 'maint.north', seen: 'stopped' }] });
  });

  test('locks and disabled puppet show why, as one argument whatever it holds', async () => {
    const world = new SmallWorld(south);
    const seen: (readonly string[])[] = [];
    const task = taskNamed('00-lock-deployments');
    const { before } = await task.check(world.readers());
    const writers = world.writers();
    await task.apply(
      {
        ...writers,
        hosts: { run: (query, command) => (seen.push(command.argv), writers.hosts.run(query, command)) },
      },
      before,
    );
    expect(seen).toEqual([
      ['set', 'deployments', 'locked', 'Datacenter switchover from south to north - T12345'],
    ]);
    expect(smallOperations['lock-deployments'].run.argv.at(-1)).toBe('{reason}');
  });
});

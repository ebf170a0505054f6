import { describe, expect, test } from '@jest/globals';
import type { Installation } from '../../../src/domain/installation.js';
import { instant } from '../../../src/domain/instant.js';
import type { Finding } from '../../../src/runbook/finding.js';
import type { Held } from '../../../src/runbook/task.js';
import { StateConflict, StoreUnavailable } from '../../../src/state/errors.js';
import { northward, taskNamed } from '../../support/small-runbook.js';
import { SmallWorld, north, smallInstallation, south } from '../../support/small-world.js';
import { type Walked, Walker } from '../../support/walk.js';

const walk = async (id: string, world: SmallWorld, installation?: Installation): Promise<Walked> => {
  const task = taskNamed(id, {}, installation);
  return new Walker(world).walk(id, task);
};

const reason = northward.roReason;

describe('02-set-read-only and 07-set-read-write', () => {
  test('read-only is set in both datacenters and proven by every app server, after its cache has expired', async () => {
    const world = new SmallWorld(south);
    const { changes, finding, took } = await walk('02-set-read-only', world);
    expect(changes).toEqual(
      ['south', 'north'].map((dc) => ({
        object: `mwconfig/name=ReadOnly,scope=${dc}#val`,
        from: false,
        to: reason,
      })),
    );
    expect(finding).toEqual({
      kind: 'holds',
      evidence: ['south', 'north'].map((dc) => ({
        about: `app servers of ${dc}`,
        seen: `2 of 2: read-only: ${reason}`,
      })),
    });
    expect(took).toBeGreaterThan(5_000);
    expect(took).toBeLessThanOrEqual(10_200);
  });

  test.each(['02-set-read-only', '07-set-read-write'])(
    '%s: an app server that does not follow is named',
    async (id) => {
      const world = new SmallWorld(south);
      if (id.startsWith('07')) {
        await walk('02-set-read-only', world);
      }
      world.stuck.add('mw2.north');
      const { finding } = await walk(id, world);
      expect(finding.kind).toBe('not-yet');
      expect(finding.evidence.map(({ about }) => about)).toEqual(['mw2.north']);
    },
  );

  test('an app server that does not answer, or was not asked, is not one that follows', async () => {
    const silent = new SmallWorld(south);
    silent.silent.add('mw1.south');
    expect((await walk('02-set-read-only', silent)).finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ about: 'mw1.south', seen: 'no answer: down' }],
    });
    const three = {
      ...smallInstallation,
      wiki: { ...smallInstallation.wiki, appServers: { north: 3, south: 2 } },
    };
    expect((await walk('02-set-read-only', new SmallWorld(south), three)).finding).toMatchObject({
      kind: 'not-yet',
      evidence: [{ about: 'app servers of north', seen: '2 asked', expected: '3' }],
    });
  });

  test('where their number is not known, the whole lifetime of their caches is waited for as well', async () => {
    const unknown = { ...smallInstallation, wiki: { ...smallInstallation.wiki, appServers: {} } };
    const world = new SmallWorld(south);
    // Both app servers have read their configuration 1 ms after the write; a third one may not have.
    world.time = Math.ceil(world.time / 10_000) * 10_000 + 4_999;
    const known = await walk('02-set-read-only', world);
    const other = new SmallWorld(south);
    other.time = world.time - known.took;
    expect(known.took).toBeLessThan(10_000);
    expect((await walk('02-set-read-only', other, unknown)).took).toBe(10_000);
  });

  test('a text that somebody else has set is not overwritten, neither by 02 nor by 07', async () => {
    for (const id of ['02-set-read-only', '07-set-read-write']) {
      const world = new SmallWorld(south);
      world.put('mwconfig', { scope: north, name: 'ReadOnly' }, { val: 'Disk full, ask Kim.' });
      expect(await walk(id, world)).toMatchObject({
        applied: false,
        finding: {
          kind: 'blocked',
          evidence: [{ about: 'mwconfig/name=ReadOnly,scope=north', seen: '"Disk full, ask Kim."' }],
        },
      });
    }
  });

  test('nothing is written, planned or recorded on an old value while the store does not answer', async () => {
    const world = new SmallWorld(south);
    world.storeIsStale = true;
    await expect(walk('02-set-read-only', world)).rejects.toThrow(StoreUnavailable);
  });

  test('nothing is proven by an old value', async () => {
    const world = new SmallWorld(south);
    const task = taskNamed('04-pool-to');
    const see = world.readers();
    const { before } = await task.check(see);
    await task.apply(world.writers(), before);
    world.storeIsStale = true;
    const facts = { before, done: null, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect((await task.verify(see, facts)).kind).toBe('not-yet');
    world.storeIsStale = false;
    expect((await task.verify(see, facts)).kind).toBe('holds');
  });

  test('an object that the store does not hold blocks, by its name', async () => {
    const world = new SmallWorld(south);
    world.objects.delete('mwconfig/name=ReadOnly,scope=north');
    expect((await walk('02-set-read-only', world)).finding).toMatchObject({
      kind: 'blocked',
      evidence: [{ about: 'mwconfig/name=ReadOnly,scope=north', seen: 'no val in the state store' }],
    });
  });

  test('a write compares what it replaces', async () => {
    const world = new SmallWorld(south);
    const task = taskNamed('02-set-read-only');
    const { before } = await task.check(world.readers());
    world.put('mwconfig', { scope: north, name: 'ReadOnly' }, { val: 'Just now.' });
    await expect(task.apply(world.writers(), before)).rejects.toThrow(StateConflict);
    expect(world.field('mwconfig/name=ReadOnly,scope=south', 'val')).toBe(false);
  });

  test('a value that is overwritten after the write is noticed by the proof', async () => {
    const world = new SmallWorld(south);
    const task = taskNamed('02-set-read-only');
    const see = world.readers();
    const { before } = await task.check(see);
    await task.apply(world.writers(), before);
    world.put('mwconfig', { scope: south, name: 'ReadOnly' }, { val: false });
    const facts = { before, done: null, appliedAt: { earliest: see.now(), latest: see.now() } };
    expect(await task.verify(see, facts)).toMatchObject({
      kind: 'blocked',
      evidence: [{ about: 'mwconfig/name=ReadOnly,scope=south val', seen: 'false' }],
    });
  });
});

describe('02-drain-edits', () => {
  const none = { kind: 'holds', evidence: [{ about: 'open transactions', seen: 'none' }] };

  /** Looks of a run, one after the other, 150 ms apart. */
  const looks = async (world: SmallWorld) => {
    const task = taskNamed('02-drain-edits');
    if (!('check' in task)) throw new Error('it is no manual task');
    const { before } = await task.check(world.readers());
    const appliedAt = { earliest: instant(world.time), latest: instant(world.time) };
    let held: Held | undefined;
    return async (after = 150): Promise<Finding> => {
      world.time += after;
      const facts = { before, done: undefined, appliedAt, ...(held === undefined ? {} : { held }) };
      const found = await task.verify(world.readers(), facts);
      held =
        found.heldSince === undefined ? undefined : { since: found.heldSince, seenAt: instant(world.time) };
      return found;
    };
  };

  test('waits until no transaction has been open for a while', async () => {
    const world = new SmallWorld(south);
    world.open.set('s1.south', 5);
    const { finding, took } = await walk('02-drain-edits', world);
    expect(finding).toEqual(none);
    // Five looks, half a second, and the rest of the time to the next look.
    expect(took).toBe((5 + 4) * 150);
  });

  test('a moment also when none is, for requests that have not opened theirs yet', async () => {
    const { finding, took } = await walk('02-drain-edits', new SmallWorld(south));
    expect(finding).toEqual(none);
    expect(took).toBe(4 * 150);
  });

  test('an edit that was between two of its transactions is waited for as if it was seen for the first time', async () => {
    const world = new SmallWorld(south);
    const look = await looks(world);
    const { heldSince } = await look();
    expect(heldSince).toBe(world.time);
    expect((await look()).heldSince).toBe(heldSince);
    world.open.set('s1.south', 1);
    const busy = await look();
    expect(busy).toMatchObject({ kind: 'not-yet', evidence: [{ about: 's1.south open transactions' }] });
    expect(busy.heldSince).toBeUndefined();
    const again = await look();
    expect(again).toMatchObject({ kind: 'not-yet', heldSince: world.time });
    for (const _ of [1, 2, 3]) expect(await look()).toMatchObject({ heldSince: again.heldSince });
    expect(await look()).toEqual(none);
  });

  test('a primary that does not say has not been without transactions meanwhile', async () => {
    const world = new SmallWorld(south);
    const look = await looks(world);
    await look();
    world.silent.add('s2.south');
    expect((await look()).heldSince).toBeUndefined();
    world.silent.clear();
    expect(await look(400)).toMatchObject({ kind: 'not-yet', heldSince: world.time });
  });

  test('a time in which nobody looked, because the process was started again, does not count', async () => {
    const world = new SmallWorld(south);
    const look = await looks(world);
    await look();
    expect(await look(1_001)).toMatchObject({ kind: 'not-yet', heldSince: world.time });
    expect(await look(1_000)).toEqual(none);
  });

  test('longer where app servers answer slowly: there a request takes longer to its first query as well', async () => {
    const world = new SmallWorld(south);
    world.siteTakes = 700;
    const { took } = await walk('02-drain-edits', world);
    expect(took).toBeGreaterThanOrEqual(700 + 2 * 700);
    expect(took).toBeLessThan(700 + 2 * 700 + 200);
  });

  test('at most so long; what is still open then is a warning', async () => {
    const world = new SmallWorld(south);
    world.open.set('s1.south', 1_000);
    const { finding, took } = await walk('02-drain-edits', world);
    expect(finding.kind).toBe('holds');
    expect(finding.evidence).toEqual([
      { about: 's1.south open transactions', seen: '933', expected: '0', warning: true },
    ]);
    expect(took).toBe(10_050);
  });

  test('at most so long; that the last one ended only just before is a warning', async () => {
    const world = new SmallWorld(south);
    world.open.set('s1.south', 65);
    const { finding, took } = await walk('02-drain-edits', world);
    expect(finding).toEqual({
      kind: 'holds',
      evidence: [{ about: 'open transactions', seen: 'none, but not for long', warning: true }],
    });
    expect(took).toBe(10_050);
  });

  test('a primary that does not say is not one without transactions', async () => {
    const world = new SmallWorld(south);
    world.silent.add('s2.south');
    expect((await walk('02-drain-edits', world)).finding.kind).toBe('blocked');
  });
});

describe('04: switch the configuration', () => {
  test('the old datacenter is never depooled where the new one is not pooled', async () => {
    const world = new SmallWorld(south);
    world.put('discovery', { dnsdisc: 'wiki-rw', name: north }, { pooled: true });
    expect(await walk('04-depool-from', world)).toMatchObject({
      applied: false,
      finding: {
        kind: 'blocked',
        evidence: [{ about: 'discovery/dnsdisc=api-rw,name=north', seen: 'not pooled' }],
      },
    });
  });

  test('taken back: the new datacenter is not depooled either while the old one is not pooled', async () => {
    const world = new SmallWorld(south);
    const walker = new Walker(world);
    const task = taskNamed('04-pool-to');
    await walker.walk(task.id, task);
    world.put('discovery', { dnsdisc: 'wiki-rw', name: south }, { pooled: false });
    expect(await walker.back(task.id, task.rollback)).toMatchObject({
      applied: false,
      finding: { kind: 'blocked', evidence: [{ about: 'discovery/dnsdisc=wiki-rw,name=south' }] },
    });
  });

  test('every authoritative server has to answer with the new address, to a client in each datacenter', async () => {
    const world = new SmallWorld(south);
    await walk('04-pool-to', world);
    world.stuck.add('ns1');
    await world.readers().dns.ask([], [], new AbortController().signal);
    const { finding } = await walk('04-depool-from', world);
    expect(finding.kind).toBe('not-yet');
    expect(finding.evidence).toHaveLength(4);
    expect(finding.evidence[0]).toEqual({
      about: 'wiki-rw at ns1 from south',
      seen: 'wiki-rw@south',
      expected: 'wiki-rw@north (north)',
    });
    world.stuck.clear();
    world.silent.add('ns0');
    expect((await walk('04-depool-from', world)).finding.evidence[0]).toMatchObject({
      about: 'wiki-rw at ns0 from south',
      seen: 'no answer: timed out',
    });
  });

  test('an answer to a client in one datacenter says nothing of the other', async () => {
    const world = new SmallWorld(south);
    await walk('04-pool-to', world);
    // ns1 has followed so far, answers each client with the nearest one, and does not follow any more.
    await world.readers().dns.ask(['wiki-rw'], [south], new AbortController().signal);
    world.stuck.add('ns1');
    const { finding } = await walk('04-depool-from', world);
    expect(finding.evidence.map(({ about }) => about)).toEqual([
      'wiki-rw at ns1 from south',
      'api-rw at ns1 from south',
    ]);
  });

  test('a DNS server that is configured and was not asked is missed', async () => {
    const more = { ...smallInstallation, dns: { ...smallInstallation.dns, servers: ['ns0', 'ns1', 'ns2'] } };
    const world = new SmallWorld(south);
    await walk('04-pool-to', world);
    const { finding } = await walk('04-depool-from', world, more);
    expect(finding.evidence[0]).toMatchObject({
      about: 'wiki-rw at ns2 from south',
      seen: 'no answer: it was not asked',
    });
  });

  test('a DNS server that is excluded is not asked; its reason stays in sight, also while another does not follow', async () => {
    const world = new SmallWorld(south);
    await walk('04-pool-to', world);
    world.silent.add('ns1');
    world.excludedDnsServers = [{ server: 'ns1', reason: 'a new disk is put in' }];
    const warning = { about: 'DNS server ns1', seen: 'not asked: a new disk is put in', warning: true };
    const { finding } = await walk('04-depool-from', world);
    expect(finding).toEqual({
      kind: 'holds',
      evidence: [{ about: 'authoritative DNS', seen: '4 answers from 1 server, as expected' }, warning],
    });
    world.silent.add('ns0');
    const { kind, evidence } = (await walk('04-depool-from', world)).finding;
    expect(kind).toBe('not-yet');
    expect(evidence.at(0)).toMatchObject({ about: 'wiki-rw at ns0 from south' });
    expect(evidence.at(-1)).toEqual(warning);
  });

  test('where every DNS server is excluded nothing is proven', async () => {
    const world = new SmallWorld(south);
    await walk('04-pool-to', world);
    world.excludedDnsServers = ['ns0', 'ns1'].map((server) => ({ server, reason: 'maintenance' }));
    const { finding } = await walk('04-depool-from', world);
    expect(finding.kind).toBe('blocked');
    expect(finding.evidence[0]).toMatchObject({
      about: 'authoritative DNS',
      seen: 'every server is excluded',
    });
  });

  test('every app server of both datacenters has to believe in the new primary', async () => {
    const world = new SmallWorld(south);
    world.stuck.add('mw1.south');
    const { finding, changes } = await walk('04-set-primary', world);
    expect(changes).toEqual([
      { object: 'mwconfig/name=WMFMasterDatacenter,scope=common#val', from: 'south', to: 'north' },
    ]);
    expect(finding).toEqual({
      kind: 'not-yet',
      evidence: [{ about: 'mw1.south', seen: 'primary is south', expected: 'primary is north' }],
    });
  });

  test('a primary that is neither of the two was set by somebody else', async () => {
    const world = new SmallWorld(south);
    world.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val: 'west' });
    expect(await walk('04-set-primary', world)).toMatchObject({
      applied: false,
      finding: { kind: 'blocked' },
    });
  });
});

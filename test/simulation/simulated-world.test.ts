import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.js';
import { section } from '../../src/domain/names.js';
import { codfw, eqiad } from '../support/practice-installation.js';
import { authority, openTwoDatacenters } from '../support/two-datacenters.js';
import { SwitchByHand } from '../support/switch-by-hand.js';

const s4 = section('s4');
const REASON = 'Copy your text and try again in a few minutes.';

function world(primary = codfw) {
  const pair = openTwoDatacenters({ primary });
  const by = new SwitchByHand(pair, primary, primary === codfw ? eqiad : codfw);
  return { pair, by, [Symbol.dispose]: () => pair[Symbol.dispose]() };
}

describe('editors', () => {
  test('write all the time, and every edit is saved while nothing is done', async () => {
    using given = world();
    await given.by.pass(HOUR);
    const counts = given.pair.world.counts();
    expect(counts.attempted).toBe(36_000);
    expect(counts).toMatchObject({ refused: 0, databaseErrors: 0, unreachable: 0, lost: 0 });
    expect(counts.saved + counts.open).toBe(counts.attempted);
  });

  test('lose nothing and see no database error in a switchover in the order of the field', async () => {
    using given = world();
    await given.by.pass(MINUTE);
    await given.by.properly();
    await given.by.pass(MINUTE);
    const counts = given.pair.world.counts();
    expect(counts).toMatchObject({ databaseErrors: 0, unreachable: 0, lost: 0, unreplicated: 0 });
    expect(counts.refused).toBeGreaterThan(100);
    expect(
      given.pair.world.look().datacenters.find(({ name }) => name === eqiad)?.edits.saved,
    ).toBeGreaterThan(300);
  });

  test('see the polite notice of an app server that has followed, and can save through one that has not', async () => {
    using given = world();
    given.pair.world.faults.cause({ kind: 'app-server-stuck', server: 'mw2414.codfw.wmnet' });
    await given.by.setReadOnly(REASON);
    await given.by.cacheLifetime();
    const before = given.pair.world.counts();
    await given.by.pass(MINUTE);
    const after = given.pair.world.counts();
    expect(after.saved - before.saved).toBeGreaterThan(140);
    expect(after.refused - before.refused).toBeGreaterThan(440);
    expect(after.databaseErrors).toBe(0);
  });

  test('are shown a database error when a database is read-only and the wiki does not say so', async () => {
    using given = world();
    await given.by.setAccess(codfw, 'read-only');
    await given.by.pass(10 * SECOND);
    const counts = given.pair.world.counts();
    expect(counts.databaseErrors).toBeGreaterThan(95);
    expect(counts.refused).toBe(0);
  });

  test('are shown a database error for an edit that was open when its database became read-only', async () => {
    using given = world();
    await given.by.setReadOnly(REASON);
    await given.by.pass(9_990);
    const open = given.pair.world.counts().open;
    await given.by.setAccess(codfw, 'read-only');
    await given.by.pass(10 * SECOND);
    expect(open).toBeGreaterThan(0);
    expect(given.pair.world.counts().databaseErrors).toBeGreaterThan(0);
  });

  test('lose edits when both primaries can be written and both are written to', async () => {
    using given = world();
    await given.by.setAccess(eqiad, 'read-write');
    // Half of the app servers believe in the new primary datacenter, half in the old one.
    for (const server of ['mw2414.codfw.wmnet', 'mw2415.codfw.wmnet'])
      given.pair.world.faults.cause({ kind: 'app-server-stuck', server });
    await given.by.setPrimary();
    await given.by.pass(MINUTE);
    expect(given.pair.world.counts().lost).toBeGreaterThan(100);
  });

  test('lose what was not replicated when the new primary is written to regardless', async () => {
    using given = world();
    given.pair.world.faults.cause({ kind: 'replication-stuck', section: s4 });
    await given.by.pass(MINUTE);
    await given.by.setAccess(codfw, 'read-only');
    await given.by.pass(SECOND);
    const behind = given.pair.world.counts().unreplicated;
    expect(given.pair.world.counts().lost).toBe(0);
    await given.by.setAccess(eqiad, 'read-write');
    expect(given.pair.world.counts().lost).toBe(behind);
    expect(behind).toBeGreaterThan(45);
  });

  test('that were lost are counted once, however often the primary is set', async () => {
    using given = world();
    given.pair.world.faults.cause({ kind: 'replication-stuck', section: s4 });
    await given.by.pass(MINUTE);
    await given.by.setAccess(codfw, 'read-only');
    await given.by.pass(SECOND);
    await given.by.setAccess(eqiad, 'read-write');
    const { lost } = given.pair.world.counts();
    await given.by.setAccess(eqiad, 'read-only');
    await given.by.setAccess(eqiad, 'read-write');
    expect(lost).toBeGreaterThan(0);
    expect(given.pair.world.counts().lost).toBe(lost);
  });

  test('lose nothing when the two sides are written to one after the other', async () => {
    using given = world();
    const writableBoth = async () => {
      await given.by.setAccess(eqiad, 'read-write');
      await given.by.setAccess(codfw, 'read-write');
      await given.by.pass(MINUTE);
    };
    await writableBoth();
    await given.by.setAccess(eqiad, 'read-only');
    await given.by.setAccess(codfw, 'read-only');
    await given.by.setPrimary();
    await given.by.pass(MINUTE);
    await writableBoth();
    expect(given.pair.world.counts()).toMatchObject({ lost: 0 });
  });

  test('find no server when a record is pooled nowhere', async () => {
    using given = world();
    await given.by.setTtl(10);
    await given.by.pass(310 * SECOND);
    await given.by.pool(codfw, false);
    await given.by.pass(13 * SECOND);
    const before = given.pair.world.counts().unreachable;
    await given.by.pass(10 * SECOND);
    expect(given.pair.world.counts().unreachable - before).toBe(100);
  });
});

describe('discovery records', () => {
  test('are followed by each authoritative server after its own delay', async () => {
    using given = world();
    await given.by.pool(eqiad, true);
    await given.by.pool(codfw, false);
    const record = 'mw-web-rw';
    const answers = () =>
      given.pair.world
        .look()
        .records.find((look) => look.record === record)
        ?.servers.map(({ answers: a }) => a[eqiad]);
    await given.by.pass(1_690);
    expect(answers()).toEqual([codfw, codfw, codfw]);
    await given.by.pass(20);
    expect(answers()).toEqual([eqiad, codfw, codfw]);
    await given.by.pass(600);
    expect(answers()).toEqual([eqiad, eqiad, eqiad]);
  });

  test('go on leading to the old datacenter for as long as the TTL that a recursor has cached', async () => {
    using given = world();
    await given.by.pool(eqiad, true);
    await given.by.pool(codfw, false);
    const cached = () => given.pair.world.look().records.flatMap(({ cached: c }) => Object.values(c));
    await given.by.pass(5 * SECOND);
    expect(cached()).toContain(codfw);
    await given.by.pass(300 * SECOND);
    expect(cached()).not.toContain(codfw);
  });

  test('lead everybody to the new datacenter within 10 s and the servers’ delay once the TTL is lowered', async () => {
    using given = world();
    await given.by.setTtl(10);
    await given.by.pass(305 * SECOND);
    await given.by.pool(eqiad, true);
    await given.by.pool(codfw, false);
    await given.by.pass(12_500);
    const cached = given.pair.world.look().records.flatMap(({ cached: c }) => Object.values(c));
    expect(new Set(cached)).toEqual(new Set([eqiad]));
  });

  test('are asked for again as soon as their TTL is over, also the second time', async () => {
    using given = world();
    const cached = () =>
      new Set(given.pair.world.look().records.flatMap(({ cached: c }) => Object.values(c)));
    await given.by.setTtl(10);
    await given.by.pass(305 * SECOND);
    await given.by.pool(eqiad, true);
    await given.by.pool(codfw, false);
    while (cached().has(codfw)) await given.by.pass(100);
    await given.by.pool(codfw, true);
    await given.by.pool(eqiad, false);
    await given.by.pass(12_500);
    expect(cached()).toEqual(new Set([codfw]));
  });

  test('answer with the old datacenter from a server that is stuck, until it is not', async () => {
    using given = world();
    given.pair.world.faults.cause({ kind: 'dns-server-stuck', server: 'ns1' });
    await given.by.pool(eqiad, true);
    await given.by.pool(codfw, false);
    await given.by.pass(MINUTE);
    const addresses = async () =>
      (await given.pair.dns.ask(['mw-web-rw'], [eqiad], given.by.signal)).map(({ answer }) => answer);
    expect((await addresses()).map((answer) => answer.answered && answer.address)).toEqual([
      '10.2.1.1',
      '10.2.2.1',
      '10.2.1.1',
    ]);
    given.pair.world.faults.clear('dns ns1');
    await given.by.pass(3 * SECOND);
    expect((await addresses()).map((answer) => answer.answered && answer.address)).toEqual([
      '10.2.1.1',
      '10.2.1.1',
      '10.2.1.1',
    ]);
  });
});

describe('job runners of the old datacenter', () => {
  test('fail at a steady rate from the change of DNS until they are restarted', async () => {
    using given = world();
    await given.by.pass(MINUTE);
    expect(given.pair.world.counts().jobErrors).toBe(0);
    await given.by.properly();
    const before = given.pair.world.counts().jobErrors;
    await given.by.pass(10 * SECOND);
    expect(given.pair.world.counts().jobErrors - before).toBe(40);
    expect(given.pair.world.look().datacenters.find(({ name }) => name === codfw)?.jobRunnersBehind).toBe(4);
  });

  test('are not connected to what was pooled and depooled again before DNS could follow', async () => {
    using given = world();
    const behind = () =>
      given.pair.world.look().datacenters.find(({ name }) => name === eqiad)?.jobRunnersBehind;
    given.pair.world.faults.cause({ kind: 'dns-server-stuck', server: 'ns0' });
    await given.by.pool(eqiad, true);
    await given.by.pass(MINUTE);
    await given.by.pool(eqiad, false);
    given.pair.world.faults.clear();
    await given.by.pass(MINUTE);
    expect(behind()).toBe(0);
    await given.by.pool(eqiad, true);
    await given.by.pass(MINUTE);
    await given.by.pool(eqiad, false);
    await given.by.pass(MINUTE);
    expect(behind()).toBe(4);
  });
});

describe('replication', () => {
  test('that is stuck falls behind, says so, and catches up once it is not', async () => {
    using given = world();
    given.pair.world.faults.cause({ kind: 'replication-stuck', section: s4 });
    await given.by.pass(MINUTE);
    const [status] = await given.pair.databases.replication([{ section: s4, datacenter: eqiad }]);
    expect(status?.status).toMatchObject({ answered: true, value: { running: false } });
    expect(given.pair.world.look().datacenters.find(({ name }) => name === eqiad)?.behind).toMatchObject([
      { section: 's4' },
    ]);
    given.pair.world.faults.clear('replication s4');
    expect(await given.by.inSync()).toBe(true);
    await given.by.pass(5 * SECOND);
    expect(given.pair.world.look().datacenters.find(({ name }) => name === eqiad)?.behind).toEqual([]);
  });

  test('goes both ways: what the new primary writes reaches the old one', async () => {
    using given = world();
    await given.by.properly();
    await given.by.pass(MINUTE);
    const back = new SwitchByHand(given.pair, eqiad, codfw);
    expect(await back.inSync()).toBe(true);
  });
});

test('a look at the world tells what people would look for', async () => {
  using given = world();
  const { pair, by } = given;
  const here = (name: typeof eqiad) => pair.world.look().datacenters.find((look) => look.name === name);
  expect(here(codfw)).toMatchObject({
    writable: pair.installation.sections,
    down: [],
    deployLocks: [],
    maintenance: [{ host: 'mwmaint2002.codfw.wmnet', puppet: 'enabled', periodicJobs: true, scripts: 3 }],
  });
  const on = async (host: string, ...argv: string[]) =>
    pair.hosts.run(
      host,
      { name: 'a-test', argv, effect: 'writes', okCodes: [0], timeout: MINUTE, successThreshold: 1 },
      authority,
      by.signal,
    );
  await on('deploy2002.codfw.wmnet', 'scap', 'lock', '--all', 'Datacenter switchover - T12345');
  await on('mwmaint2002.codfw.wmnet', 'disable-puppet', 'the same');
  await on('mwmaint2002.codfw.wmnet', 'systemctl', 'stop', 'mediawiki-periodic-jobs.target');
  pair.world.faults.cause({ kind: 'database-down', section: s4, datacenter: codfw });
  expect(pair.world.look().faults).toEqual(['database s4 codfw down']);
  expect(here(codfw)).toMatchObject({
    writable: pair.installation.sections.filter((name) => name !== s4),
    down: [s4],
    deployLocks: [{ host: 'deploy2002.codfw.wmnet', reason: 'Datacenter switchover - T12345' }],
    maintenance: [{ host: 'mwmaint2002.codfw.wmnet', puppet: 'disabled', periodicJobs: false, scripts: 3 }],
  });
  expect(here(eqiad)).toMatchObject({ deployLocks: [], writable: [] });
});

import { expect, test } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { LabHouse } from '../../support/lab-house.js';
import { lasting, snapshot, StatementLog } from '../../support/lab-snapshot.js';
import { LabWatch } from '../../support/lab-watch.js';
import { onOneLab } from '../../support/on-one-lab.js';

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

test('a dry run passes and writes nothing: not to a store, not to a database, not to a host', async () => {
  await using house = await LabHouse.open(lab, 'dry-run');
  await using watch = new LabWatch(lab);
  const before = await snapshot(lab);
  const statements = await StatementLog.begin(lab);
  const run = await house.start('--dry-run');
  const { ended, phases } = await house.helped(run);
  const said = await statements.end(accounts.switching.user);
  expect(ended).toMatchObject({ result: 'PASS' });
  expect(Object.keys(phases)).toHaveLength(11);
  expect(await snapshot(lab)).toEqual(before);
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter((text) => !/^(SELECT|SHOW|SET (SESSION|NAMES|@@session))\b/i.test(text))).toEqual([]);
  expect(await watch.breaches(await house.entries(run))).toEqual([]);
  expect(house.troubles).toEqual([]);
}, 120_000);

test('a live test passes, and the primary is never read-only, for nobody who edits', async () => {
  await using house = await LabHouse.open(lab, 'live-test');
  await using watch = new LabWatch(lab);
  await using editors = await lab.editors();
  const before = await snapshot(lab);
  editors.start();
  const run = await house.start('--live-test');
  const { ended, params } = await house.helped(run);
  await editors.stop();
  await house.logged();
  const { primary, secondary } = lab.settings;
  expect(params).toMatchObject({ from: secondary, to: primary });
  expect(ended).toMatchObject({ result: 'PASS' });
  expect(ended?.counts['skipped-in-live-test']).toBeGreaterThan(0);
  expect(await watch.breaches(await house.entries(run), editors.edits)).toEqual([]);

  // The law says it as well; here it is said without any journal.
  expect(watch.store.filter(({ readOnly }) => readOnly[primary] !== false)).toEqual([]);
  expect(watch.site.filter((seen) => seen.datacenter === primary && seen.readOnly !== false)).toEqual([]);
  for (const { datacenter, seen } of watch.databases)
    expect(new Set(seen.map(({ state }) => state).filter((state) => state !== 'down'))).toEqual(
      new Set([datacenter === primary ? 'writable' : 'read-only']),
    );
  const own = editors.edits.filter(({ datacenter }) => datacenter === primary);
  expect(own.filter(({ outcome }) => outcome.kind === 'acknowledged').length).toBeGreaterThan(10);
  expect(own.filter(({ outcome }) => outcome.kind === 'refused')).toEqual([]);
  // It does rehearse: the passive one is read-only for a while, and says that it is a rehearsal.
  const told = watch.store.flatMap(({ readOnly }) => readOnly[secondary] || []);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter((text) => !text.startsWith('[NON-PRIMARY-DC] '))).toEqual([]);
  const messages = (await house.sal()).map(({ message }) => message);
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter((text) => !text.startsWith('[NON-PRIMARY-DC] '))).toEqual([]);

  expect(lasting(await snapshot(lab))).toEqual(lasting(before));
  expect(house.troubles).toEqual([]);
}, 200_000);

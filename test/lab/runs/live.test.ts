import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Lab } from '../../../lab/lab.js';
import type { Recorded } from '../../../src/runner/journal.js';
import { readOnlyPeriod } from '../../../src/runner/read-only-period.js';
import { eventually } from '../../support/eventually.js';
import { LabHouse } from '../../support/lab-house.js';
import { LabWatch } from '../../support/lab-watch.js';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open({ cacheLifetime: 1, ttls: [3, 1] });
}, 150_000);
afterAll(() => lab[Symbol.asyncDispose]());

/** The lines that every live run logs, whatever else is logged. */
const PRESCRIBED = /^(START|END \(\w+\)) - switchdc mediawiki for|^MediaWiki read-only period|Phase 9\.5 /;

/** One that must pass, while editors write without pause; it ends with the primary in the other datacenter. */
async function switchOver(house: LabHouse, words: string, from: string, to: string): Promise<LabWatch> {
  const watch = new LabWatch(lab, from as never);
  await using editors = await lab.editors();
  editors.start();
  const run = await house.start(words);
  const { ended } = await house.helped(run);
  await editors.stop();
  await house.logged();
  expect(ended).toMatchObject({ result: 'PASS' });

  const entries = await house.entries(run);
  expect(await watch.breaches(entries, editors.edits)).toEqual([]);

  const newPrimary = lab.wiki.appServers.find(({ datacenter }) => datacenter === to);
  const found = await editors.verify(newPrimary?.url ?? '');
  expect(found).toMatchObject({ lost: [], savedThoughRefused: [] });
  expect(found.acknowledged).toBeGreaterThan(20);
  // A busy machine may keep an editor waiting for too long; that is not an error that the wiki shows.
  const errors = editors.edits.filter(
    ({ outcome }) => outcome.kind === 'error' && outcome.from !== 'connection',
  );
  expect(errors).toEqual([]);
  // It did keep them from editing for a while, with the notice.
  const refused = editors.edits.filter(({ outcome }) => outcome.kind === 'refused');
  expect(refused.length).toBeGreaterThan(0);

  const view = await house.view(run);
  const period = readOnlyPeriod(view.run, view.state);
  const seconds = ((period?.endedAt ?? Infinity) - (period?.startedAt ?? 0)) / 1_000;
  expect(seconds).toBeLessThan(60);
  expect(await house.asked('alice', `report ${run}`)).toMatch(
    /Read-only: \d+(\.\d+)? s \(\d{4}-.*Z to \d{4}-.*Z\), within its budget/,
  );

  const messages = (await house.sal())
    .map(({ message }) => message)
    .filter((text) => text.includes(`(run ${run})`) || PRESCRIBED.test(text));
  const name = `switchdc mediawiki for datacenter switchover from ${from} to ${to} - T12345 (run ${run})`;
  const iso = (at: number | undefined): string => new Date(at ?? 0).toISOString();
  for (const line of [
    `START - ${name}`,
    `MediaWiki read-only period starts at: ${iso(period?.startedAt)}`,
    `MediaWiki read-only period ends at: ${iso(period?.endedAt)}`,
    new RegExp(`^END \\(PASS\\) - ${name.replaceAll(/[()]/g, '\\$&')}: `),
  ])
    expect(
      messages.filter((text) => (typeof line === 'string' ? text === line : line.test(text))),
    ).toHaveLength(1);
  return watch;
}

test('a live run in strict order moves the primary and loses no edit, and one in merged order moves it back', async () => {
  await using house = await LabHouse.open(lab);
  const { primary, secondary } = lab.settings;
  await using watch = await switchOver(house, '', primary, secondary);
  const first = await house.house.journal.after(0, 10_000);
  await using back = await switchOver(house, '--merged', secondary, primary);
  expect(house.troubles).toEqual([]);

  // Neither watch was blind: each saw every database locked, and told another story it finds what was unlawful.
  for (const { databases } of [watch, back])
    for (const { seen } of databases)
      expect(new Set(seen.map(({ state }) => state).filter((state) => state !== 'down'))).toEqual(
        new Set(['writable', 'read-only']),
      );
  const isOf =
    (phase: string) =>
    ({ entry }: Recorded) =>
      'task' in entry && entry.task.startsWith(phase);
  const without = (phase: string) => first.filter((recorded) => !isOf(phase)(recorded));
  // The databases of `from` may be read-only at any time of a run; so it is told that they were said to be too early.
  const begun = first.findIndex(({ entry }) => entry.kind === 'phase-started' && entry.phase === '2');
  const tooEarly = [
    ...first.slice(0, begun),
    ...first.filter(isOf('03')).map((recorded) => ({ ...recorded, at: first[begun]?.at ?? recorded.at })),
    ...without('03').slice(begun),
  ];
  expect((await watch.breaches(without('02'))).join()).toContain('the wiki is read-only in');
  expect((await watch.breaches(tooEarly)).join()).toContain(`can be written in ${primary}`);
  expect((await watch.breaches(without('06'))).join()).toContain(`can be written in ${secondary}`);
}, 300_000);

test('the watch sees what is done behind the back of every run: a database opened, the wiki set read-only', async () => {
  await lab.reset();
  const { primary, secondary, installation } = lab.settings;
  const [section = 's1' as never] = installation.sections;
  const server = lab.databases.server({ section, datacenter: secondary });
  const watch = new LabWatch(lab);
  const looks = async (): Promise<void> => {
    const series = watch.databases.find((one) => one.section === section && one.datacenter === secondary);
    const enough = (series?.seen.length ?? 0) + 5;
    await eventually(() => (series?.seen.length ?? 0) >= enough, 'the watch looks', 30_000);
  };
  await looks();
  await server.sql('SET GLOBAL read_only=0');
  await looks();
  await server.sql('SET GLOBAL read_only=1');
  await lab.etcd.etcdctl(['put', `/conftool/v1/mediawiki-config/${primary}/ReadOnly`, '{"val":"for fun"}']);
  const before = watch.store.length;
  await eventually(() => watch.store.length > before + 5, 'the watch looks', 30_000);
  await looks();
  const found = new Set((await watch.breaches([])).map((text) => text.replace(/^.*?: /, '')));
  expect(found).toContain(`${section} can be written in ${secondary}`);
  expect([...found].join('; ')).toContain(`the wiki is read-only in ${primary}`);
}, 150_000);

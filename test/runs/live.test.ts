import { expect, test } from '@jest/globals';
import { plus } from '../../src/domain/instant.js';
import type { Entry } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';
import { readOnlyPeriod } from '../../src/runner/read-only-period.js';
import { EVENT, FROM, FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws, judge } from '../support/full-law.js';
import { changesOf, settledWorld } from '../support/settled-world.js';

/** Milliseconds that people could not edit. */
async function readOnlyTime(full: FullHouse, run: number): Promise<number> {
  const view = await full.view(run);
  const period = readOnlyPeriod(view.run, view.state);
  return (period?.endedAt ?? Infinity) - (period?.startedAt ?? -Infinity);
}

test('a live run moves the primary, in half a minute of read-only, and loses no edit', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const before = await settledWorld(full);
  const run = await full.start();
  const { ended, phases } = await full.helped(run);
  expect(ended?.result).toBe('PASS');
  expect(phases['2']?.startedAt).toBe(EVENT);
  expect(await readOnlyTime(full, run)).toBeGreaterThan(25_000);
  expect(await readOnlyTime(full, run)).toBeLessThan(35_000);
  expect(await brokenWorldLaws(full)).toEqual([]);
  const { edits, datacenters } = full.world.look();
  expect(edits).toMatchObject({ lost: 0, databaseErrors: 0, unreachable: 0 });
  expect(edits.refused).toBeGreaterThan(100);
  expect(datacenters.find(({ name }) => name === TO)?.jobRunnersBehind).toBe(0);

  const after = await settledWorld(full);
  expect(after.primary).toBe(TO);
  const writable = (world: typeof after, name: string): readonly string[] =>
    world.datacenters.find((found) => found.name === name)?.writable ?? [];
  expect(writable(after, TO)).toEqual(writable(before, FROM));
  expect(writable(after, FROM)).toEqual([]);
  // Records are pooled in the other datacenter alone, with the TTL that they had; ReadOnly is what it was.
  expect(changesOf(before, after)).toEqual({
    'mwconfig/name=WMFMasterDatacenter,scope=common': { val: [FROM, TO] },
    ...Object.fromEntries(
      full.house.installation.wiki.readWriteRecords.flatMap((record) => [
        [`discovery/dnsdisc=${record},name=${FROM}`, { pooled: [true, false] }],
        [`discovery/dnsdisc=${record},name=${TO}`, { pooled: [false, true] }],
      ]),
    ),
  });
  const hosts = after.datacenters.flatMap(({ maintenance }) => maintenance);
  expect(hosts.map(({ puppet }) => puppet)).toEqual(['enabled', 'enabled']);
  for (const { name, maintenance, deployLocks } of after.datacenters) {
    expect(deployLocks).toEqual([]);
    expect(maintenance.map(({ periodicJobs }) => periodicJobs)).toEqual([name === TO]);
  }
  expect(full.troubles).toEqual([]);
});

test('the log of a live run has each prescribed line once, in order', async () => {
  await using full = await FullHouse.fresh({ sal: true });
  const run = await full.start();
  await full.helped(run);
  await full.logged();
  const messages = (await full.sal()).map(({ message }) => message).reverse();
  const prescribed = messages.filter((text) =>
    /^(START|END \(\w+\)) - switchdc mediawiki for|^MediaWiki read-only period/.test(text),
  );
  expect(prescribed).toEqual([
    'START - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 1)',
    'MediaWiki read-only period starts at: 2026-03-25T14:00:00.000Z',
    expect.stringMatching(/^MediaWiki read-only period ends at: 2026-03-25T14:00:3\d\.\d{3}Z$/),
    'END (PASS) - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 1): 28 observed, 13 confirmed',
  ]);
  expect(messages.filter((text) => text.startsWith('Phase 9.5 Update DNS records'))).toHaveLength(1);
});

test('merged order shares a wait: read-only takes a third less, and the same laws hold', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start('--merged');
  const { ended } = await full.helped(run);
  expect(ended?.result).toBe('PASS');
  expect(await readOnlyTime(full, run)).toBeGreaterThan(15_000);
  expect(await readOnlyTime(full, run)).toBeLessThan(25_000);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0, databaseErrors: 0 } });
});

test('an emergency leaves out what only prepares, and the laws hold all the same', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start('--emergency');
  const { ended, phases, tasks } = await full.helped(run);
  expect(ended?.result).toBe('PASS');
  expect(ended?.counts['skipped-in-emergency']).toBe(11);
  expect(tasks['00-reduce-ttl']?.end).toBe('skipped-in-emergency');
  // It waits neither for the announced time nor for the old TTL.
  expect(phases['2']?.startedAt).toBeLessThan(EVENT - 10 * 60_000);
  expect(await brokenWorldLaws(full)).toEqual([]);
  expect(full.world.look()).toMatchObject({ primary: TO, edits: { lost: 0 } });
});

test('a direction typed the wrong way round is refused, and says what would be needed', async () => {
  await using full = await FullHouse.fresh();
  const inverted = await full.asked('alice', `start mediawiki ${TO} ${FROM} --task T12345`);
  expect(inverted).toMatch(/^refused: codfw is the primary.*codfw eqiad, or leave both out/i);
  const rehearsal = await full.asked('alice', `start mediawiki ${FROM} ${TO} --task T12345 --live-test`);
  expect(rehearsal).toMatch(/^refused: .*a live test runs towards the primary.*eqiad codfw/);
  expect(await full.house.journal.runs(10)).toEqual([]);
});

test('the judge of these tests is not blind: told another story of the same run, it finds what was unlawful', async () => {
  await using full = await FullHouse.fresh();
  await full.helped(await full.start());
  const entries = await full.house.journal.after(0, 10_000);
  const facts = full.world.factsHistory();
  const isAbout = (entry: Entry, phase: string): boolean => 'task' in entry && entry.task.startsWith(phase);
  const without = (phase: string): readonly Recorded[] =>
    entries.filter(({ entry }) => !isAbout(entry, phase));
  const tooEarly = (phase: string): readonly Recorded[] =>
    entries
      .map((one) => (isAbout(one.entry, phase) ? { ...one, at: plus(one.at, -60_000) } : one))
      .sort((a, b) => a.at - b.at);
  const judged = (told: readonly Recorded[]): string => judge(FROM, told, facts).join('; ');

  expect(judged(entries)).toBe('');
  expect(judged(without('02'))).toContain('the wiki is read-only in');
  expect(judged(tooEarly('03'))).toContain(`can be written in ${FROM}`);
  expect(judged(tooEarly('04'))).toContain(`not in ${TO}`);
  expect(judged(without('06'))).toContain(`can be written in ${TO}`);
  expect(judged(tooEarly('07'))).toContain('the wiki is read-only in');
});

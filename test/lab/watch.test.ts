import { expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { datacenter } from '../../src/domain/names.js';
import type { Entry } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';
import { judge, type SeenFacts } from '../support/full-law.js';
import { writableAround } from '../support/lab-watch.js';

const [north, south] = [datacenter('eqiad'), datacenter('codfw')];

/** A live run from south to north whose 02 begins to write at 100; as much of it as the judge reads. */
const journal = [
  { at: 10, run: 1, entry: { kind: 'run-requested', mode: 'live', params: { from: south, to: north } } },
  { at: 20, run: 1, entry: { kind: 'run-started' } },
  {
    at: 100,
    run: 1,
    entry: { kind: 'step-started', step: 'apply', direction: 'forward', task: '02-set-read-only' },
  },
].map((one) => ({ ...one, entry: one.entry as Entry }) as Recorded);

const readOnly = (since: number, at: number): SeenFacts => ({
  since: instant(since),
  at: instant(at),
  because: 'the store',
  primary: south,
  readOnly: { [north]: false, [south]: 'maintenance' },
  writable: {},
  down: {},
  pooled: {},
});

test('what was seen while its reason began is lawful where any instant of the look explains it, else not', () => {
  expect(judge(south, journal, [readOnly(90, 110)])).toEqual([]);
  expect(judge(south, journal, [readOnly(100, 100)])).toEqual([]);
  expect(judge(south, journal, [readOnly(101, 130)])).toEqual([]);
  expect(judge(south, journal, [readOnly(80, 99)])).toEqual([
    expect.stringContaining('the wiki is read-only in codfw'),
  ]);
});

test('a database counts as writable during a look at the other one only when it was so before and after', () => {
  const look = (at: number, state: 'writable' | 'read-only' | 'down') => ({ since: at - 1, at, state });
  const around = { since: 100, at: 101 };
  expect(writableAround([look(60, 'writable'), look(150, 'writable')], around)).toBe(true);
  expect(writableAround([look(60, 'writable'), look(150, 'read-only')], around)).toBe(false);
  expect(writableAround([look(60, 'down'), look(150, 'writable')], around)).toBe(false);
  expect(writableAround([look(60, 'writable')], around)).toBe(false);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instant } from '../../src/domain/instant.js';
import { holds, notYet } from '../../src/runbook/finding.js';
import {
  differences,
  phaseDigest,
  planDigest,
  type PlannedPhase,
  type PlannedTask,
} from '../../src/runbook/plan.js';
import type { PlannedChange } from '../../src/runbook/planned-change.js';

const subject = { runbook: 'toy', version: '1', params: { from: 'a' }, mode: 'live' } as const;
const x: PlannedChange = { object: 'x', from: 1, to: 2 };
const y: PlannedChange = { object: 'y', from: 'p', to: 'q', hosts: ['h1', 'h2'] };
const task = (changes: readonly PlannedChange[], parts: Partial<PlannedTask> = {}): PlannedTask => ({
  id: '00-a',
  title: 'a',
  does: 'act',
  changes,
  finding: holds(),
  ...parts,
});
const digest = (...changes: PlannedChange[]): string => phaseDigest(subject, [task(changes)]);
const phase = (id: string, ...changes: PlannedChange[]): PlannedPhase => ({
  id,
  title: id,
  digest: digest(...changes),
  tasks: [task(changes)],
});

describe('the digest of a phase', () => {
  test('says nothing of what was seen, of titles, or of when', () => {
    const seen = { evidence: [{ about: 'x', seen: 'position 17' }], until: instant(5) };
    expect(
      phaseDigest(subject, [task([x], { title: 'other', finding: notYet(seen.evidence, seen.until) })]),
    ).toBe(digest(x));
  });
  test('is the same in whatever order the world lists its objects, hosts and fields', () => {
    expect(digest(y, x)).toBe(digest(x, y));
    expect(digest({ hosts: ['h2', 'h1'], to: 'q', from: 'p', object: 'y' })).toBe(digest(y));
  });
  test.each([
    ['what is changed', digest({ ...x, object: 'z' })],
    ['from what', digest({ ...x, from: 0 })],
    ['to what', digest({ ...x, to: 0 })],
    ['on which hosts', digest({ ...x, hosts: ['h1'] })],
    ['a change more', digest(x, y)],
    ['by which task', phaseDigest(subject, [task([x], { id: '00-b' })])],
    ['by one task more', phaseDigest(subject, [task([x]), task([], { id: '00-b' })])],
    ['by which runbook', phaseDigest({ ...subject, runbook: 'other' }, [task([x])])],
    ['of which version', phaseDigest({ ...subject, version: '2' }, [task([x])])],
    ['with which parameters', phaseDigest({ ...subject, params: { from: 'b' } }, [task([x])])],
    ['in which mode', phaseDigest({ ...subject, mode: 'live-test' }, [task([x])])],
  ])('tells %s', (_, other) => {
    expect(other).not.toBe(digest(x));
  });
  test('of a plan is that of its phases, by name and in order', () => {
    const both = [phase('0', x), phase('1', y)];
    expect(planDigest([...both].reverse())).not.toBe(planDigest(both));
    expect(planDigest(both.slice(1))).not.toBe(planDigest(both));
    expect(planDigest([{ ...phase('0', x), title: 'other' }, phase('1', y)])).toBe(planDigest(both));
  });
});

describe('the difference between two plans', () => {
  const values = fc.constantFrom(0, 1);
  const hosts = fc.constantFrom<readonly string[]>(['h1'], ['h1', 'h2']);
  const changes = fc.uniqueArray(
    fc.record({ object: fc.constantFrom('x', 'y', 'z'), from: values, to: values, hosts }),
    { selector: ({ object }) => object },
  );
  test('is empty exactly where the digests are the same', () => {
    fc.assert(
      fc.property(changes, changes, (was, is) => {
        const same = digest(...was) === digest(...is);
        expect(differences([phase('0', ...was)], [phase('0', ...is)]).length === 0).toBe(same);
      }),
    );
  });
  test('names phase, task and object, and shows both', () => {
    expect(differences([phase('0', x)], [phase('0', { ...x, from: 0 }, y)])).toEqual([
      { phase: '0', task: '00-a', object: 'x', was: { from: 1, to: 2 }, is: { from: 0, to: 2 } },
      { phase: '0', task: '00-a', object: 'y', was: null, is: { from: 'p', to: 'q', hosts: ['h1', 'h2'] } },
    ]);
    expect(differences([phase('0', x)], [phase('0')])).toMatchObject([{ object: 'x', is: null }]);
  });
  test('is of the phases that remain, whatever those were that are over', () => {
    expect(differences([phase('0', x), phase('1', y)], [phase('1', y)])).toEqual([]);
  });
});

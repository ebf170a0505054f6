import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PermitSubject, permits } from '../../src/access/permit.js';
import type { Write } from '../../src/access/write.js';
import {
  access,
  elsewhere,
  from,
  pooled,
  primary,
  readOnly,
  scope,
  site,
  subjects,
  to,
  ttl,
} from './permit-writes.js';

/** What is true in the world, as far as a rehearsal could harm it; `to` is the primary. */
interface Facts {
  readonly readOnly: Readonly<Record<string, boolean>>;
  readonly writable: Readonly<Record<string, boolean>>;
  readonly pooled: Readonly<Record<string, boolean>>;
  readonly primary: string;
}

const before: Facts = {
  readOnly: { [from]: false, [to]: false },
  writable: Object.fromEntries(
    scope.sections.flatMap((one) => [
      [`${one}.${from}`, false],
      [`${one}.${to}`, true],
    ]),
  ),
  pooled: Object.fromEntries(
    scope.readWriteRecords.flatMap((one) => [
      [`${one}.${from}`, false],
      [`${one}.${to}`, true],
    ]),
  ),
  primary: JSON.stringify(to),
};

/** The smallest world: it does what it is told. */
function written(facts: Facts, write: Write): Facts {
  if (write.on === 'hosts' || write.on === 'replication') return facts;
  if (write.on === 'database') {
    const name = `${write.primary.section}.${write.primary.datacenter}`;
    return { ...facts, writable: { ...facts.writable, [name]: write.access === 'read-write' } };
  }
  const { kind, tags, to: fields } = write.change;
  if (kind === 'discovery' && 'pooled' in fields)
    return {
      ...facts,
      pooled: { ...facts.pooled, [`${tags['dnsdisc']}.${tags['name']}`]: fields['pooled'] === true },
    };
  if (kind === 'mwconfig' && tags['name'] === 'ReadOnly')
    return { ...facts, readOnly: { ...facts.readOnly, [tags['scope'] ?? '']: fields['val'] !== false } };
  if (kind === 'mwconfig') return { ...facts, primary: JSON.stringify(fields['val']) };
  return facts;
}

const dc = fc.constantFrom(from, to, elsewhere);
const record = fc.constantFrom('web-rw', 'api-rw', 'swift');
const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  fc
    .record({ where: dc, val: fc.constantFrom('Maintenance', true, false, null) })
    .map(({ where, val }) => readOnly(where, val)),
  dc.map(primary),
  fc.record({ record, where: dc, value: fc.boolean() }).map((it) => pooled(it.record, it.where, it.value)),
  fc.record({ record, where: dc }).map((it) => ttl(it.record, it.where)),
  fc.constantFrom('yes', 'no').map(site),
  fc
    .record({
      of: fc.constantFrom('s1', 'x1', 'm3'),
      where: dc,
      value: fc.constantFrom('read-only' as const, 'read-write' as const),
    })
    .map(({ of, where, value }) => access(of, where, value)),
);

/** Every point of a run, forwards and backwards: a task, however wrong, may attempt anything at any of them. */
const pointsOf = (mode: PermitSubject['mode']): readonly PermitSubject[] =>
  subjects.filter((subject) => subject.mode === mode);

/** The worlds that there are when each write is attempted at each of the points, as far as it is permitted. */
const worldsAfter = (writes: readonly Write[], points: readonly PermitSubject[], start: Facts): Facts[] =>
  writes
    .filter((write) => points.some((point) => permits(point, write).allowed))
    .reduce<Facts[]>((worlds, write) => [...worlds, written(worlds.at(-1) ?? start, write)], [start]);

const attempts = fc.array(anyWrite, { maxLength: 60, size: 'max' });

describe('whatever a rehearsal attempts', () => {
  test('the primary stays editable, its databases writable, the others not, and no traffic moves', () => {
    let rehearsed = 0;
    fc.assert(
      fc.property(attempts, (writes) => {
        for (const world of worldsAfter(writes, pointsOf('live-test'), before)) {
          expect(world.readOnly[to]).toBe(false);
          expect(world.writable).toEqual(before.writable);
          expect(world.pooled).toEqual(before.pooled);
          expect(world.primary).toBe(before.primary);
          if (world.readOnly[from] === true) rehearsed += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(rehearsed).toBeGreaterThan(0);
  });
});

test('whatever a dry run attempts, nothing is written', () => {
  fc.assert(
    fc.property(attempts, (writes) => {
      expect(worldsAfter(writes, pointsOf('dry-run'), before)).toEqual([before]);
    }),
  );
});

test('whatever a live run attempts in one phase, no section becomes writable in both datacenters', () => {
  const start: Facts = {
    ...before,
    writable: Object.fromEntries(Object.keys(before.writable).map((name) => [name, false])),
  };
  fc.assert(
    fc.property(fc.constantFrom(...pointsOf('live')), attempts, (point, writes) => {
      for (const world of worldsAfter(writes, [point], start))
        for (const one of scope.sections)
          expect(world.writable[`${one}.${from}`] && world.writable[`${one}.${to}`]).toBe(false);
    }),
    { numRuns: 500 },
  );
});

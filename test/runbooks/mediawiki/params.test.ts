import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/domain/json.js';
import { northward, smallRunbook } from '../../support/small-runbook.js';
import { SmallWorld, north, smallInstallation, south } from '../../support/small-world.js';

const runbook = smallRunbook();
const least = { from: 'south', to: 'north' };

describe('what is asked for', () => {
  test('two datacenters are enough; the rest has defaults', () => {
    expect(runbook.parse(least)).toEqual({
      ok: true,
      params: {
        from: 'south',
        to: 'north',
        roReason: smallInstallation.wiki.readOnlyReason,
        order: 'strict',
        emergency: false,
      },
    });
  });

  test('what a run recorded is read back as it was', () => {
    const all = {
      ...northward,
      only: ['03-set-db-read-only'],
      order: 'merged',
      event: '2026-northward',
      notBefore: '2026-03-25T15:00:00Z',
      emergency: true,
    };
    expect(runbook.parse(all)).toEqual({ ok: true, params: all });
  });

  test('an event gives the time before which read-only does not begin', () => {
    expect(runbook.parse({ ...least, event: '2026-northward' })).toMatchObject({
      params: { event: '2026-northward', notBefore: '2026-03-25T14:00:00Z' },
    });
  });

  test('control characters and line ends in the reason become spaces', () => {
    expect(runbook.parse({ ...least, roReason: 'Wait\u001b[31m\na bit.\n' })).toMatchObject({
      params: { roReason: 'Wait [31m a bit.' },
    });
  });

  test('a task chosen twice is chosen once', () => {
    expect(runbook.parse({ ...least, only: ['00-reduce-ttl', '00-reduce-ttl'] })).toMatchObject({
      params: { only: ['00-reduce-ttl'] },
    });
  });
});

describe('is refused with what would be needed', () => {
  test.each<[string, Json, string, string]>([
    [
      'a datacenter that is not one',
      { from: 'sout', to: 'north' },
      '"sout" is not a core datacenter',
      'one of north, south; did you mean south?',
    ],
    [
      'the same one twice',
      { from: 'north', to: 'north' },
      'from and to are both north',
      'two different datacenters: north and south',
    ],
    [
      'a task that is none',
      { ...least, task: '12345' },
      '"12345" is not a task of the tracker',
      'T and a number, such as T12345',
    ],
    [
      'an unknown order',
      { ...least, order: 'mergd' },
      '"mergd" is not an order',
      'one of strict, merged; did you mean merged?',
    ],
    [
      'an unknown task',
      { ...least, only: ['03-set-db-readonly'] },
      '"03-set-db-readonly" is not a task of this runbook',
      'a task of this runbook; did you mean 03-set-db-read-only?',
    ],
    [
      'no task at all',
      { ...least, only: [] },
      '--only names no task',
      'the ids of one or more tasks, such as 00-reduce-ttl',
    ],
    [
      'an unknown event',
      { ...least, event: '2026-west' },
      'the calendar has no event "2026-west"',
      'a year and a season, such as 2026-northward',
    ],
    [
      'a time without a zone',
      { ...least, notBefore: '2026-03-25 14:00' },
      '"2026-03-25 14:00" is not an instant',
      'a date and time with its zone, such as 2026-03-25T14:00:00Z',
    ],
    [
      'an unknown parameter',
      { ...least, roReson: 'x' },
      '"roReson" is not a parameter of this runbook',
      expect.stringContaining('did you mean roReason?') as unknown as string,
    ],
    [
      'an empty reason',
      { ...least, roReason: ' \n ' },
      'the read-only reason is empty',
      expect.stringContaining('1 to 1000') as unknown as string,
    ],
    [
      'a reason that the store would refuse',
      { ...least, roReason: 'x'.repeat(1_001) },
      'the read-only reason has 1001 characters',
      expect.stringContaining('1 to 1000') as unknown as string,
    ],
    [
      'something of another shape',
      [1, 2],
      expect.stringContaining('the parameters: ') as unknown as string,
      'at least from and to, the two core datacenters',
    ],
    [
      'a missing datacenter',
      { from: 'south' },
      expect.stringContaining('to: ') as unknown as string,
      'at least from and to, the two core datacenters',
    ],
  ])('%s', (_name, raw, problem, needed) => {
    expect(runbook.parse(raw)).toEqual({ ok: false, problem, needed });
  });

  test('anything else, in any shape, shortly and on one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ from: fc.string(), to: fc.string(), task: fc.string({ maxLength: 5_000 }) }),
        ),
        (raw) => {
          const parsed = runbook.parse(raw as Json);
          if (parsed.ok) return;
          expect(`${parsed.problem} ${parsed.needed}`.length).toBeLessThan(400);
          expect(`${parsed.problem}${parsed.needed}`).not.toMatch(/[\u0000-\u001f]/);
        },
      ),
    );
  });
});

describe('completed by what the world says', () => {
  const world = new SmallWorld(south);
  const complete = (raw: Json, mode: 'live' | 'live-test' | 'dry-run', in_ = world): Promise<unknown> =>
    runbook.complete(raw, mode, in_.readers());

  test('a switchover leads away from the primary, a live test towards it', async () => {
    expect(await complete({}, 'live')).toMatchObject({ params: { from: 'south', to: 'north' } });
    expect(await complete({}, 'dry-run')).toMatchObject({ params: { from: 'south', to: 'north' } });
    expect(await complete({}, 'live-test')).toMatchObject({ params: { from: 'north', to: 'south' } });
  });

  test.each(['live', 'dry-run'] as const)('%s: the wrong way round is refused', async (mode) => {
    expect(await complete({ from: 'north', to: 'south' }, mode)).toMatchObject({
      ok: false,
      needed: expect.stringContaining('south north'),
    });
  });

  test('a rehearsal that would lead away from the primary is refused', async () => {
    expect(await complete({ from: 'south', to: 'north' }, 'live-test')).toMatchObject({ ok: false });
  });

  test('an old value of the store is not trusted', async () => {
    const stale = new SmallWorld(south);
    stale.storeIsStale = true;
    expect(await complete({}, 'live', stale)).toMatchObject({ ok: false });
  });

  test('tasks of phases 2 to 7 are not run alone in a live run', async () => {
    const only = ['00-reduce-ttl', '03-set-db-read-only', '06-set-db-read-write'];
    expect(await complete({ only }, 'live')).toEqual({
      ok: false,
      problem:
        '03-set-db-read-only and 06-set-db-read-write cannot be run alone in a live run: phases 2 to 7 belong together',
      needed: '--live-test or --dry-run; or a whole live run, without --only',
    });
    expect(await complete({ only }, 'live-test')).toMatchObject({ ok: true });
    expect(await complete({ only }, 'dry-run')).toMatchObject({ ok: true });
    expect(await complete({ only: ['00-reduce-ttl', '10-check-editing'] }, 'live')).toMatchObject({
      ok: true,
    });
  });

  test('an emergency is one', () => {
    expect([runbook.urgency(northward), runbook.urgency({ ...northward, emergency: true })]).toEqual([
      'planned',
      'emergency',
    ]);
    expect(north).not.toBe(south);
  });
});

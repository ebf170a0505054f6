import { describe, expect, test } from '@jest/globals';
import type { Override } from '../../src/calendar/overrides.js';
import { EVENT_MOMENTS } from '../../src/calendar/event-moments.js';
import { isoSeconds } from '../../src/domain/instant.js';
import { at, found, refusalsOf } from './support.js';

const event = '2026-northward';
const reason = 'maintenance of the power feed';

function scheduled(...overrides: readonly Override[]): readonly string[] {
  const one = found(event, ...overrides);
  return EVENT_MOMENTS.map((moment) => isoSeconds(one[moment]));
}

describe('overrides of a switchover', () => {
  test.each([
    ['2024-southward', '2024-09-24T15:00:00Z', '2024-09-25T15:00:00Z', '2024-10-02T15:00:00Z'],
    ['2026-northward', '2026-03-24T15:00:00Z', '2026-03-25T15:00:00Z', '2026-04-01T15:00:00Z'],
  ])('%s ran at 15:00 UTC instead of 14:00', (key, tuesday, wednesday, repool) => {
    const one = found(key, { event: key, kind: 'retime', at: '15:00', reason });
    expect(EVENT_MOMENTS.map((moment) => isoSeconds(one[moment]))).toEqual([
      tuesday,
      tuesday,
      wednesday,
      repool,
    ]);
    expect(one.overrides).toHaveLength(1);
    expect(one.overrides[0]).toMatchObject({ kind: 'retime', reason });
    expect(one.overrides[0]?.was.mediawiki).toBe(at(wednesday.replace('T15', 'T14')));
    expect(one.overrides[0]?.now.mediawiki).toBe(at(wednesday));
  });

  test.each<[string, Override, readonly string[]]>([
    [
      'a move takes the whole event along, hours kept',
      { event, kind: 'move', to: '2026-04-08', reason },
      ['2026-04-07T14:00:00Z', '2026-04-07T14:00:00Z', '2026-04-08T14:00:00Z', '2026-04-15T14:00:00Z'],
    ],
    [
      'a move may also go to an earlier day',
      { event, kind: 'move', to: '2026-03-18', reason },
      ['2026-03-17T14:00:00Z', '2026-03-17T14:00:00Z', '2026-03-18T14:00:00Z', '2026-03-25T14:00:00Z'],
    ],
    [
      'a move of one moment leaves the others',
      { event, kind: 'move', only: 'services', to: '2026-03-23', reason },
      ['2026-03-23T14:00:00Z', '2026-03-24T14:00:00Z', '2026-03-25T14:00:00Z', '2026-04-01T14:00:00Z'],
    ],
    [
      'one component is re-timed alone',
      { event, kind: 'retime', only: 'traffic', at: '16:30', reason },
      ['2026-03-24T14:00:00Z', '2026-03-24T16:30:00Z', '2026-03-25T14:00:00Z', '2026-04-01T14:00:00Z'],
    ],
    [
      'a repool is extended by days',
      { event, kind: 'extend', by: { days: 6 }, reason },
      ['2026-03-24T14:00:00Z', '2026-03-24T14:00:00Z', '2026-03-25T14:00:00Z', '2026-04-07T14:00:00Z'],
    ],
    [
      'a repool is extended until an instant',
      { event, kind: 'extend', by: { until: at('2026-04-02T09:30:00Z') }, reason },
      ['2026-03-24T14:00:00Z', '2026-03-24T14:00:00Z', '2026-03-25T14:00:00Z', '2026-04-02T09:30:00Z'],
    ],
  ])('%s', (_, override, expected) => {
    expect(scheduled(override)).toEqual(expected);
  });

  test('an override shows what it changed and nothing else', () => {
    expect(found(event, { event, kind: 'retime', only: 'traffic', at: '16:30', reason }).overrides).toEqual([
      {
        kind: 'retime',
        reason,
        was: { traffic: at('2026-03-24T14:00:00Z') },
        now: { traffic: at('2026-03-24T16:30:00Z') },
      },
    ]);
  });

  test('several overrides are applied in order, each against what the one before left', () => {
    const one = found(
      event,
      { event, kind: 'move', to: '2026-04-01', reason: 'first' },
      { event, kind: 'retime', at: '15:00', reason: 'second' },
    );
    expect(isoSeconds(one.mediawiki)).toBe('2026-04-01T15:00:00Z');
    expect(one.overrides.map((applied) => [applied.reason, applied.was.mediawiki])).toEqual([
      ['first', at('2026-03-25T14:00:00Z')],
      ['second', at('2026-04-01T14:00:00Z')],
    ]);
  });

  test('two overrides may pass through an order that would be wrong on its own', () => {
    const later: Override = { event, kind: 'move', only: 'services', to: '2026-03-30', reason };
    expect(refusalsOf(later)).toHaveLength(1);
    expect(refusalsOf(later, { event, kind: 'move', only: 'mediawiki', to: '2026-03-31', reason })).toEqual(
      [],
    );
  });

  test('a cancelled event keeps its instants and says why', () => {
    const one = found(event, { event, kind: 'cancel', reason });
    expect(one.cancelled).toBe(reason);
    expect(isoSeconds(one.mediawiki)).toBe('2026-03-25T14:00:00Z');
    expect(one.overrides).toMatchObject([
      { kind: 'cancel', reason, was: { mediawiki: one.mediawiki }, now: {} },
    ]);
  });

  test('an override touches its own event alone', () => {
    const other = found('2026-southward', { event, kind: 'cancel', reason });
    expect([other.cancelled, other.overrides]).toEqual([undefined, []]);
  });

  test('a reason is kept on one printable line', () => {
    expect(found(event, { event, kind: 'cancel', reason: ' a\nb\u0007 ' }).cancelled).toBe('a b');
  });
});

describe('an override is refused', () => {
  test.each<[string, readonly Override[], string]>([
    [
      'without a reason',
      [{ event, kind: 'cancel', reason: ' \n ' }],
      'cancel of 2026-northward has no reason; expected a reason, one line for people',
    ],
    [
      'for an event that does not exist, with the one that was meant',
      [{ event: '2026-nothward', kind: 'cancel', reason }],
      'cancel: no switchover "2026-nothward"; expected a year and a season, such as 2026-northward or 2026-southward; did you mean 2026-northward?',
    ],
    [
      'for a year without a calendar',
      [{ event: '3000-northward', kind: 'cancel', reason }],
      'cancel: no calendar for the year 3000; expected a whole year from 1970 to 2999',
    ],
    [
      'when its day does not exist',
      [{ event, kind: 'move', to: '2026-02-30', reason }],
      'move of 2026-northward: no such day "2026-02-30"; expected a UTC calendar day, such as 2026-04-01',
    ],
    [
      'when its day is not written as a day',
      [{ event, kind: 'move', to: '2026-W14-3', reason }],
      'move of 2026-northward: no such day "2026-W14-3"; expected a UTC calendar day, such as 2026-04-01',
    ],
    [
      'when its hour does not exist',
      [{ event, kind: 'retime', at: '24:00', reason }],
      'retime of 2026-northward: no such hour "24:00"; expected a time in UTC, such as 15:00',
    ],
    [
      'when it changes nothing',
      [{ event, kind: 'retime', at: '14:00', reason }],
      'retime of 2026-northward changes nothing; expected a day or hour other than the scheduled one',
    ],
    [
      'when it extends backwards',
      [{ event, kind: 'extend', by: { until: at('2026-03-31T14:00:00Z') }, reason }],
      'extend of 2026-northward: repool at 2026-03-31T14:00:00Z is not an extension; expected an instant after 2026-04-01T14:00:00Z',
    ],
    [
      'when it extends to the very same instant',
      [{ event, kind: 'extend', by: { until: at('2026-04-01T14:00:00Z') }, reason }],
      'extend of 2026-northward: repool at 2026-04-01T14:00:00Z is not an extension; expected an instant after 2026-04-01T14:00:00Z',
    ],
    ...[0, -1, 1.5, 181, Number.NaN].map((days): [string, readonly Override[], string] => [
      `when it extends by ${days} days`,
      [{ event, kind: 'extend', by: { days }, reason }],
      `extend of 2026-northward: cannot extend by ${days} days; expected a whole number of days from 1 to 180`,
    ]),
    [
      'when the repool would come before MediaWiki',
      [{ event, kind: 'move', only: 'repool', to: '2026-03-24', reason }],
      'overrides of 2026-northward leave repool at 2026-03-24T14:00:00Z; expected at least a day after mediawiki at 2026-03-25T14:00:00Z',
    ],
    [
      'when Services would come after MediaWiki',
      [{ event, kind: 'move', only: 'services', to: '2026-03-26', reason }],
      'overrides of 2026-northward leave services at 2026-03-26T14:00:00Z; expected no later than mediawiki at 2026-03-25T14:00:00Z',
    ],
    [
      'when Traffic would come after MediaWiki',
      [{ event, kind: 'move', only: 'traffic', to: '2026-03-26', reason }],
      'overrides of 2026-northward leave traffic at 2026-03-26T14:00:00Z; expected no later than mediawiki at 2026-03-25T14:00:00Z',
    ],
    [
      'when the event was cancelled before',
      [
        { event, kind: 'cancel', reason },
        { event, kind: 'extend', by: { days: 1 }, reason },
      ],
      'extend of 2026-northward follows its cancellation; expected no further override after a cancel',
    ],
    [
      'when an event would be moved past the next one',
      [{ event, kind: 'move', to: '2026-09-30', reason }],
      '2026-northward would repool at 2026-10-07T14:00:00Z, after the start of 2026-southward; expected a repool no later than that start at 2026-09-22T14:00:00Z',
    ],
    [
      'when an event would be moved before the one before it has repooled',
      [{ event, kind: 'move', to: '2025-09-25', reason }],
      '2025-southward would repool at 2025-10-01T14:00:00Z, after the start of 2026-northward; expected a repool no later than that start at 2025-09-24T14:00:00Z',
    ],
  ])('%s', (_, overrides, expected) => {
    expect(refusalsOf(...overrides)).toEqual([expected]);
  });

  test('all mistakes are named at once', () => {
    expect(
      refusalsOf(
        { event: 'autumn', kind: 'cancel', reason },
        { event, kind: 'retime', at: 'noon', reason },
        { event: '2027-southward', kind: 'cancel', reason: '' },
      ),
    ).toHaveLength(3);
  });

  test('a cancelled neighbour is in nobody’s way', () => {
    const extended: Override = { event, kind: 'extend', by: { days: 180 }, reason };
    expect(refusalsOf(extended)).toHaveLength(1);
    expect(refusalsOf(extended, { event: '2026-southward', kind: 'cancel', reason })).toEqual([]);
  });
});

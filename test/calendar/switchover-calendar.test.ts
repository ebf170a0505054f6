import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TIMELINE } from '../../schedules/timeline.js';
import { switchoverCalendar } from '../../src/calendar/switchover-calendar.js';
import { datacenter } from '../../src/domain/names.js';
import type { Override } from '../../src/calendar/overrides.js';
import { instant } from '../../src/domain/instant.js';
import { at, calendarWith, right, wrong } from './support.js';

const cancel = (event: string): Override => ({ event, kind: 'cancel', reason: 'no quorum' });
const postponed: Override = { event: '2026-southward', kind: 'move', to: '2027-01-13', reason: 'freeze' };

describe('the calendar', () => {
  test('lists both switchovers of each year, first and last included, with their directions', () => {
    const events = right(calendarWith().events(2025, 2026));
    expect(events.map(({ key, year, from, to }) => `${key} ${year} ${from}>${to}`)).toEqual([
      '2025-northward 2025 south>north',
      '2025-southward 2025 north>south',
      '2026-northward 2026 south>north',
      '2026-southward 2026 north>south',
    ]);
  });

  test('works an event out once, whoever asks', () => {
    const calendar = calendarWith();
    const now = at('2026-04-01T00:00:00Z');
    expect(calendar.next(now)).toBe(calendar.next(now));
    expect(calendar.find('2026-southward')).toBe(right(calendar.events(2026, 2026))[1]);
  });

  test('in any range events are in order and the primary alternates', () => {
    const years = fc.integer({ min: 1970, max: 2990 });
    fc.assert(
      fc.property(years, fc.integer({ min: 0, max: 9 }), (from, length) => {
        const events = right(calendarWith().events(from, from + length));
        expect(events).toHaveLength(2 * (length + 1));
        events.slice(1).forEach((event, index) => {
          expect(event.services).toBeGreaterThan(events[index]?.repool ?? Infinity);
          expect(event.from).toBe(events[index]?.to);
        });
      }),
    );
  });

  test.each([
    [
      'before the first year',
      1969,
      1980,
      'no calendar for the year 1969; expected a whole year from 1970 to 2999',
    ],
    [
      'after the last year',
      2020,
      3000,
      'no calendar for the year 3000; expected a whole year from 1970 to 2999',
    ],
    [
      'not a whole year',
      2020.5,
      2022,
      'no calendar for the year 2020.5; expected a whole year from 1970 to 2999',
    ],
    [
      'not a number',
      2020,
      Number.NaN,
      'no calendar for the year NaN; expected a whole year from 1970 to 2999',
    ],
    ['backwards', 2030, 2029, 'years 2030 to 2029 run backwards; expected the earlier year first'],
  ])('a range of years that is %s is a mistake', (_, from, to, expected) => {
    expect(wrong(calendarWith().events(from, to))).toBe(expected);
  });

  test('one datacenter cannot be both', () => {
    const one = datacenter('one');
    expect(switchoverCalendar({ northern: one, southern: one })).toEqual([
      { mistake: 'both core datacenters are one', expected: 'two different names' },
    ]);
  });

  test.each([
    ['2026-northward', '2026-northward'],
    ['1970-southward', '1970-southward'],
    ['2999-southward', '2999-southward'],
  ])('finds %s', (key, expected) => {
    expect(right(calendarWith().find(key)).key).toBe(expected);
  });

  test.each([
    ['2026-north', 'did you mean 2026-northward?'],
    ['2026-Southward', 'did you mean 2026-southward?'],
    ['northward', 'such as 2026-northward or 2026-southward'],
    ['26-northward', 'such as 2026-northward or 2026-southward'],
    ['1969-northward', 'a whole year from 1970 to 2999'],
    ['2026-northward\u0007', 'did you mean 2026-northward?'],
  ])('does not find %j and says what was expected', (key, expected) => {
    expect(wrong(calendarWith().find(key))).toContain(expected);
  });
});

describe('the next switchover', () => {
  test.each([
    ['in the middle of winter', '2026-01-01T00:00:00Z', '2026-northward'],
    ['between Services and MediaWiki', '2026-03-24T18:00:00Z', '2026-northward'],
    ['at the instant when read-only starts', '2026-03-25T14:00:00Z', '2026-northward'],
    ['a second later', '2026-03-25T14:00:01Z', '2026-southward'],
    ['on the last day of the year', '2026-12-31T23:59:59Z', '2027-northward'],
  ])('%s', (_, now, expected) => {
    expect(calendarWith().next(at(now))?.key).toBe(expected);
  });

  test('is never a cancelled one', () => {
    const calendar = calendarWith(cancel('2026-northward'), cancel('2026-southward'));
    expect(calendar.next(at('2026-01-01T00:00:00Z'))?.key).toBe('2027-northward');
  });

  test('is still that of last year when it was moved into this one', () => {
    expect(calendarWith(postponed).next(at('2027-01-12T00:00:00Z'))?.key).toBe('2026-southward');
    expect(calendarWith(postponed).next(at('2027-01-14T00:00:00Z'))?.key).toBe('2027-northward');
  });

  test('ends with the last year of the calendar', () => {
    expect(calendarWith().next(at('2999-12-01T00:00:00Z'))).toBeUndefined();
  });

  test('at any time is the one that a search through the list finds', () => {
    const calendar = calendarWith(postponed, cancel('2030-northward'));
    const all = right(calendar.events(2020, 2040)).filter(({ cancelled }) => cancelled === undefined);
    const range = { min: at('2021-01-01T00:00:00Z'), max: at('2039-01-01T00:00:00Z') };
    fc.assert(
      fc.property(fc.integer(range), (now) => {
        expect(calendar.next(instant(now))?.key).toBe(all.find(({ mediawiki }) => mediawiki >= now)?.key);
      }),
    );
  });
});

describe('the switchover that is under way', () => {
  test.each([
    ['before Services', '2026-03-24T13:59:59Z', undefined],
    ['from Services on', '2026-03-24T14:00:00Z', '2026-northward'],
    ['after MediaWiki', '2026-03-28T00:00:00Z', '2026-northward'],
    ['until just before the repool', '2026-04-01T13:59:59Z', '2026-northward'],
    ['not from the repool on', '2026-04-01T14:00:00Z', undefined],
  ])('%s', (_, now, expected) => {
    expect(calendarWith().current(at(now))?.key).toBe(expected);
  });

  test.each([
    ['10 weeks before MediaWiki', '2026-01-14T14:00:00Z', '2026-northward'],
    ['not a second earlier', '2026-01-14T13:59:59Z', undefined],
  ])('begins with its first milestone: %s', (_, now, expected) => {
    expect(calendarWith().current(at(now), TIMELINE)?.key).toBe(expected);
  });

  test('lasts as long as the repool is postponed', () => {
    const extended: Override = { event: '2026-northward', kind: 'extend', by: { days: 10 }, reason: 'racks' };
    expect(calendarWith(extended).current(at('2026-04-10T00:00:00Z'))?.key).toBe('2026-northward');
    expect(calendarWith().current(at('2026-04-10T00:00:00Z'))).toBeUndefined();
  });

  test('is never a cancelled one', () => {
    expect(calendarWith(cancel('2026-northward')).current(at('2026-03-26T00:00:00Z'))).toBeUndefined();
  });
});

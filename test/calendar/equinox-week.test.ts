import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { equinoxWeek } from '../../src/calendar/equinox-week.js';
import { SEASONS, type Season, directionOf } from '../../src/calendar/season.js';
import { isoSeconds } from '../../src/domain/instant.js';
import { PAIR } from './support.js';

const DAY = 86_400_000;

/** The rule once more, told differently: walk from the equinox day to the Wednesday it belongs to. */
function naiveWednesday(year: number, season: Season): Date {
  const day = new Date(Date.UTC(year, season === 'northward' ? 2 : 8, 21, 14));
  const step = day.getUTCDay() === 4 || day.getUTCDay() === 5 ? -1 : 1;
  while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() + step);
  return day;
}

const anyYear = fc.integer({ min: 1970, max: 2999 });
const anySeason = fc.constantFrom(...SEASONS);

describe('the week of the equinox', () => {
  test.each<[string, number, Season, string]>([
    ['a Monday belongs to its own week', 2022, 'northward', '2022-03-23'],
    ['a Tuesday belongs to its own week', 2023, 'northward', '2023-03-22'],
    ['a Wednesday is the day itself', 2022, 'southward', '2022-09-21'],
    ['a Thursday belongs to the week that is under way', 2024, 'northward', '2024-03-20'],
    ['a Friday belongs to the week that is under way', 2025, 'northward', '2025-03-19'],
    ['a Saturday belongs to the following week', 2026, 'northward', '2026-03-25'],
    ['a Sunday belongs to the following week', 2025, 'southward', '2025-09-24'],
  ])('%s', (_, year, season, wednesday) => {
    expect(isoSeconds(equinoxWeek(year, season).mediawiki)).toBe(`${wednesday}T14:00:00Z`);
  });

  test('every year from 2023 to 2050 agrees with a count on plain dates', () => {
    const iso = (date: Date, days: number): string => isoSeconds((date.getTime() + days * DAY) as never);
    for (let year = 2023; year <= 2050; year += 1) {
      for (const season of SEASONS) {
        const wednesday = naiveWednesday(year, season);
        const week = equinoxWeek(year, season);
        expect([
          year,
          season,
          ...[week.services, week.traffic, week.mediawiki, week.repool].map(isoSeconds),
        ]).toEqual([
          year,
          season,
          iso(wednesday, -1),
          iso(wednesday, -1),
          iso(wednesday, 0),
          iso(wednesday, 7),
        ]);
      }
    }
  });

  test('in any year Services and Traffic move on Tuesday and MediaWiki on Wednesday, at 14:00 UTC', () => {
    fc.assert(
      fc.property(anyYear, anySeason, (year, season) => {
        const week = equinoxWeek(year, season);
        expect(week.traffic).toBe(week.services);
        expect([new Date(week.services).getUTCDay(), new Date(week.mediawiki).getUTCDay()]).toEqual([2, 3]);
        expect([week.services % DAY, week.mediawiki % DAY]).toEqual([14 * 3_600_000, 14 * 3_600_000]);
        expect(week.mediawiki - week.services).toBe(DAY);
      }),
    );
  });

  test('in any year the repool is exactly 7 days after MediaWiki', () => {
    fc.assert(
      fc.property(anyYear, anySeason, (year, season) => {
        const { mediawiki, repool } = equinoxWeek(year, season);
        expect(repool - mediawiki).toBe(7 * DAY);
      }),
    );
  });

  test('in any year MediaWiki is in March or September, from 2 days before to 4 days after the 21st', () => {
    fc.assert(
      fc.property(anyYear, anySeason, (year, season) => {
        const { mediawiki } = equinoxWeek(year, season);
        const day = new Date(mediawiki);
        expect([day.getUTCFullYear(), day.getUTCMonth()]).toEqual([year, season === 'northward' ? 2 : 8]);
        expect(day.getUTCDate()).toBeGreaterThanOrEqual(19);
        expect(day.getUTCDate()).toBeLessThanOrEqual(25);
        expect(mediawiki).toBe(naiveWednesday(year, season).getTime());
      }),
    );
  });

  test('northward ends with the northern datacenter as primary, southward with the southern', () => {
    expect(directionOf('northward', PAIR)).toEqual({ from: 'south', to: 'north' });
    expect(directionOf('southward', PAIR)).toEqual({ from: 'north', to: 'south' });
  });
});

import type { CalendarMistake } from './calendar-mistake.js';

/** Instants before 1970 are negative and years past 2999 are typing mistakes; neither has a switchover. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2999;

const EXPECTED = `a whole year from ${FIRST_YEAR} to ${LAST_YEAR}`;

/** What is wrong with a year, or undefined. Pure. */
export function yearMistake(year: number): CalendarMistake | undefined {
  if (Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR) return undefined;
  return { mistake: `no calendar for the year ${year}`, expected: EXPECTED };
}

/** What is wrong with a range of years, both ends included, or undefined. Pure. */
export function yearRangeMistake(from: number, to: number): CalendarMistake | undefined {
  const mistake = yearMistake(from) ?? yearMistake(to);
  if (mistake || from <= to) return mistake;
  return { mistake: `years ${from} to ${to} run backwards`, expected: 'the earlier year first' };
}

/** The years of a range, both ends included, as far as the calendar has them. */
export function* yearsBetween(from: number, to: number): Generator<number> {
  for (let year = Math.max(FIRST_YEAR, from); year <= Math.min(LAST_YEAR, to); year += 1) yield year;
}

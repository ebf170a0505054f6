import { oneLine, shorten } from '../domain/text.js';
import { closest } from '../domain/suggest.js';
import { type CalendarMistake, isCalendarMistake } from './calendar-mistake.js';
import { yearMistake } from './calendar-years.js';
import { SEASONS, type Season } from './season.js';
import { eventKey } from './switchover-event.js';

export interface ParsedEventKey {
  readonly year: number;
  readonly season: Season;
}

const EXPECTED = `a year and a season, such as ${SEASONS.map((season) => `2026-${season}`).join(' or ')}`;

/** Reads `2026-northward`. Anything else is a mistake that names the key which was probably meant. Pure. */
export function parseEventKey(text: string): ParsedEventKey | CalendarMistake {
  const [, digits, word] = /^(\d{4})-(.+)$/.exec(text) ?? [];
  const season = SEASONS.find((known) => known === word);
  if (digits !== undefined && season !== undefined) {
    const year = Number(digits);
    return yearMistake(year) ?? { year, season };
  }
  const meant =
    digits === undefined
      ? undefined
      : closest(
          text,
          SEASONS.map((known) => eventKey(Number(digits), known)),
        );
  return {
    mistake: `no switchover "${shorten(oneLine(text), 40)}"`,
    expected: meant === undefined ? EXPECTED : `${EXPECTED}; did you mean ${meant}?`,
  };
}

export function isParsedEventKey(parsed: ParsedEventKey | CalendarMistake): parsed is ParsedEventKey {
  return !isCalendarMistake(parsed);
}

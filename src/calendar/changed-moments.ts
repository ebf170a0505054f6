import { DateTime } from 'luxon';
import { assertNever } from '../domain/assert-never.js';
import { DAY, HOUR, type Instant, MINUTE, instant, isoSeconds, plus } from '../domain/instant.js';
import { oneLine, shorten } from '../domain/text.js';
import { type CalendarMistake, isCalendarMistake } from './calendar-mistake.js';
import { FIRST_YEAR, LAST_YEAR } from './calendar-years.js';
import type { ExtendOverride, MoveOverride, RetimeOverride } from './overrides.js';
import { EVENT_MOMENTS, type EventMoment, type EventMoments } from './event-moments.js';

/** Longer than from any switchover to the next; what is longer was meant in another unit. */
const MOST_DAYS = 180;

/** The four moments as one override leaves them, or what is wrong with the override. Pure. */
export function changedMoments(
  moments: EventMoments,
  override: MoveOverride | RetimeOverride | ExtendOverride,
): EventMoments | CalendarMistake {
  switch (override.kind) {
    case 'move':
      return moved(moments, override);
    case 'retime':
      return retimed(moments, override);
    case 'extend':
      return extended(moments, override);
    default:
      return assertNever(override, 'override');
  }
}

function moved(moments: EventMoments, { to, only }: MoveOverride): EventMoments | CalendarMistake {
  const day = /^\d{4}-\d\d-\d\d$/.test(to) ? DateTime.fromISO(to, { zone: 'utc' }) : undefined;
  if (day?.isValid !== true || day.year < FIRST_YEAR || day.year > LAST_YEAR + 1) {
    return { mistake: `no such day ${quoted(to)}`, expected: 'a UTC calendar day, such as 2026-04-01' };
  }
  const distance = day.toMillis() - midnight(moments[only ?? 'mediawiki']);
  return each(moments, only, (at) => instant(at + distance));
}

function retimed(moments: EventMoments, { at, only }: RetimeOverride): EventMoments | CalendarMistake {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at) ?? [];
  if (hours === undefined)
    return { mistake: `no such hour ${quoted(at)}`, expected: 'a time in UTC, such as 15:00' };
  const sinceMidnight = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return each(moments, only, (moment) => instant(midnight(moment) + sinceMidnight));
}

function extended(moments: EventMoments, { by }: ExtendOverride): EventMoments | CalendarMistake {
  const repool = 'until' in by ? by.until : extendedByDays(moments.repool, by.days);
  if (typeof repool === 'object' && isCalendarMistake(repool)) return repool;
  if (repool <= moments.repool) {
    return {
      mistake: `repool at ${isoSeconds(repool)} is not an extension`,
      expected: `an instant after ${isoSeconds(moments.repool)}`,
    };
  }
  return { ...moments, repool };
}

function extendedByDays(repool: Instant, days: number): Instant | CalendarMistake {
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return plus(repool, days * DAY);
  return {
    mistake: `cannot extend by ${days} days`,
    expected: `a whole number of days from 1 to ${MOST_DAYS}`,
  };
}

function each(
  moments: EventMoments,
  only: EventMoment | undefined,
  change: (at: Instant) => Instant,
): EventMoments {
  const changed = EVENT_MOMENTS.map((moment) => [
    moment,
    only === undefined || only === moment ? change(moments[moment]) : moments[moment],
  ]);
  return Object.fromEntries(changed) as EventMoments;
}

/** Days of UTC have no daylight saving, so a day is always 24 hours. */
function midnight(at: Instant): number {
  return Math.floor(at / DAY) * DAY;
}

function quoted(text: string): string {
  return `"${shorten(oneLine(text), 40)}"`;
}

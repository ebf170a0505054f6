import type { Instant } from '../domain/instant.js';
import type { CalendarMistake } from './calendar-mistake.js';
import { LAST_YEAR, yearRangeMistake, yearsBetween } from './calendar-years.js';
import { type MilestoneDefinition, instantOf } from './milestone.js';
import type { Override } from './overrides.js';
import { isParsedEventKey, parseEventKey } from './parse-event-key.js';
import { type Schedule, plannedSchedule } from './planned-schedule.js';
import { type DatacenterPair, SEASONS } from './season.js';
import { startOf } from './event-moments.js';
import type { SwitchoverEvent } from './switchover-event.js';

/** The switchovers of every year, by the rule and its overrides. Pure: the present is always an argument. */
export interface SwitchoverCalendar {
  /** The events that belong to these years, both included, in order; cancelled ones are among them. */
  events(fromYear: number, toYear: number): readonly SwitchoverEvent[] | CalendarMistake;
  /** The first event, not cancelled, whose read-only starts at `now` or later; none after the last year. */
  next(now: Instant): SwitchoverEvent | undefined;
  /**
   * The event that is under way: from its first milestone (without definitions: from the first thing that moves)
   * until just before its repool. Never a cancelled one.
   */
  current(now: Instant, definitions?: readonly MilestoneDefinition[]): SwitchoverEvent | undefined;
  /** The event with a key such as `2026-northward`. */
  find(key: string): SwitchoverEvent | CalendarMistake;
}

/** A calendar, or every mistake in what was configured, for all to be corrected at once. */
export function switchoverCalendar(
  pair: DatacenterPair,
  overrides: readonly Override[] = [],
): SwitchoverCalendar | readonly CalendarMistake[] {
  if (pair.northern === pair.southern) {
    return [{ mistake: `both core datacenters are ${pair.northern}`, expected: 'two different names' }];
  }
  const schedule = plannedSchedule(pair, overrides);
  return typeof schedule === 'function' ? calendarOf(schedule) : schedule;
}

function calendarOf(schedule: Schedule): SwitchoverCalendar {
  return {
    events: (fromYear, toYear) =>
      yearRangeMistake(fromYear, toYear) ?? [...eventsOf(schedule, fromYear, toYear)],
    next(now) {
      for (const event of heldAround(schedule, now)) if (event.mediawiki >= now) return event;
      return undefined;
    },
    current(now, definitions = []) {
      for (const event of heldAround(schedule, now)) {
        if (now >= event.repool) continue;
        const starts = [startOf(event), ...definitions.map(({ at }) => instantOf(event, at))];
        return now >= Math.min(...starts) ? event : undefined;
      }
      return undefined;
    },
    find(key) {
      const parsed = parseEventKey(key);
      return isParsedEventKey(parsed) ? schedule(parsed.year, parsed.season) : parsed;
    },
  };
}

function* eventsOf(schedule: Schedule, fromYear: number, toYear: number): Generator<SwitchoverEvent> {
  for (const year of yearsBetween(fromYear, toYear))
    for (const season of SEASONS) yield schedule(year, season);
}

/** Those not cancelled, from the year before `now` on: a moved event may lie in the year after its own. */
function* heldAround(schedule: Schedule, now: Instant): Generator<SwitchoverEvent> {
  for (const event of eventsOf(schedule, new Date(now).getUTCFullYear() - 1, LAST_YEAR)) {
    if (event.cancelled === undefined) yield event;
  }
}

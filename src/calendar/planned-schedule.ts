import { isoSeconds } from '../domain/instant.js';
import { applyOverrides } from './apply-overrides.js';
import { type CalendarMistake, isCalendarMistake } from './calendar-mistake.js';
import { yearsBetween } from './calendar-years.js';
import { equinoxWeek } from './equinox-week.js';
import type { Override } from './overrides.js';
import { isParsedEventKey, parseEventKey } from './parse-event-key.js';
import { type DatacenterPair, SEASONS, type Season, directionOf } from './season.js';
import { startOf } from './event-moments.js';
import { type EventKey, type SwitchoverEvent, eventKey } from './switchover-event.js';

/** The event of a year and season. */
export type Schedule = (year: number, season: Season) => SwitchoverEvent;

/** The rule with all overrides laid over it, or every mistake that was found among them. Pure. */
export function plannedSchedule(
  pair: DatacenterPair,
  overrides: readonly Override[],
): Schedule | readonly CalendarMistake[] {
  const mistakes: CalendarMistake[] = [];
  const byEvent = new Map<EventKey, { year: number; season: Season; overrides: Override[] }>();
  for (const override of overrides) {
    const parsed = parseEventKey(override.event);
    if (!isParsedEventKey(parsed)) {
      mistakes.push({ ...parsed, mistake: `${override.kind}: ${parsed.mistake}` });
      continue;
    }
    const key = eventKey(parsed.year, parsed.season);
    const known = byEvent.get(key);
    if (known) known.overrides.push(override);
    else byEvent.set(key, { ...parsed, overrides: [override] });
  }
  const planned = new Map<EventKey, SwitchoverEvent>();
  for (const [key, { year, season, overrides: own }] of byEvent) {
    const event = applyOverrides(eventByRule(year, season, pair), own);
    if (isCalendarMistake(event)) mistakes.push(event);
    else planned.set(key, event);
  }
  // Worked out once each: the rule does not change, and everybody who asks for the next one goes through the same years.
  const schedule: Schedule = (year, season) => {
    const key = eventKey(year, season);
    const event = planned.get(key) ?? eventByRule(year, season, pair);
    planned.set(key, event);
    return event;
  };
  mistakes.push(
    ...overlaps(
      schedule,
      [...planned.values()].map(({ year }) => year),
    ),
  );
  return mistakes.length > 0 ? mistakes : schedule;
}

function eventByRule(year: number, season: Season, pair: DatacenterPair): SwitchoverEvent {
  const key = eventKey(year, season);
  return { key, season, year, ...directionOf(season, pair), ...equinoxWeek(year, season), overrides: [] };
}

/**
 * Events stay in the order of their keys, and none starts before the one before it has repooled: an event moved
 * past its neighbour would switch to where the primary already is. Cancelled events are in nobody's way.
 */
function overlaps(schedule: Schedule, years: readonly number[]): readonly CalendarMistake[] {
  if (years.length === 0) return [];
  const held = [...yearsBetween(Math.min(...years) - 1, Math.max(...years) + 1)]
    .flatMap((year) => SEASONS.map((season) => schedule(year, season)))
    .filter((event) => event.cancelled === undefined);
  return held.flatMap((earlier, index) => {
    const later = held[index + 1];
    if (later === undefined || earlier.repool <= startOf(later)) return [];
    return {
      mistake: `${earlier.key} would repool at ${isoSeconds(earlier.repool)}, after the start of ${later.key}`,
      expected: `a repool no later than that start at ${isoSeconds(startOf(later))}`,
    };
  });
}

import { DateTime } from 'luxon';
import { type Instant, instant } from '../domain/instant.js';
import type { Season } from './season.js';
import type { EventMoments } from './event-moments.js';

/** The fixed dates that stand for the equinoxes; on purpose not the astronomical instants, which change from year to year. */
const EQUINOX = { northward: { month: 3, day: 21 }, southward: { month: 9, day: 21 } } as const;

/** UTC, in summer and winter. Other hours are exceptions, and exceptions are overrides. */
const HOUR_OF_DAY = 14;

/**
 * When the rule places a switchover: in the work week of the equinox day, Services and Traffic on its Tuesday and
 * MediaWiki on its Wednesday at 14:00 UTC, the repool exactly 7 days after MediaWiki. A Saturday or Sunday belongs
 * to the week that follows.
 * Source: wikitech, Switch Datacenter, "Recurring, Equinox-based, Data Center Switchovers". Pure.
 */
export function equinoxWeek(year: number, season: Season): EventMoments {
  const { month, day } = EQUINOX[season];
  const equinox = DateTime.utc(year, month, day);
  const isoMonday = equinox.startOf('week');
  const monday = equinox.weekday >= 6 ? isoMonday.plus({ weeks: 1 }) : isoMonday;
  const tuesday = atHour(monday.plus({ days: 1 }));
  return {
    services: tuesday,
    traffic: tuesday,
    mediawiki: atHour(monday.plus({ days: 2 })),
    repool: atHour(monday.plus({ days: 9 })),
  };
}

function atHour(day: DateTime): Instant {
  return instant(day.set({ hour: HOUR_OF_DAY }).toMillis());
}

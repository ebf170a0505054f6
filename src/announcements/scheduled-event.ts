import type { MilestoneDefinition } from '../calendar/milestone.js';
import { milestonesOf } from '../calendar/milestones.js';
import type { SwitchoverCalendar } from '../calendar/switchover-calendar.js';
import type { SwitchoverEvent } from '../calendar/switchover-event.js';
import { isCalendarMistake } from '../calendar/calendar-mistake.js';
import { DAY, type Instant } from '../domain/instant.js';
import { toldInstants } from './told-instants.js';
import type { ScheduledEvent } from './what-is-due.js';

/** How long after the last milestone of an event it is still recorded who was not told: longer than any outage of ours. */
const RECORDED_FOR = 7 * DAY;

/** An event with its milestones and what each of them says now. Pure. */
export function scheduledEvent(
  event: SwitchoverEvent,
  definitions: readonly MilestoneDefinition[],
): ScheduledEvent {
  return {
    key: event.key,
    mediawiki: event.mediawiki,
    cancelled: event.cancelled !== undefined,
    milestones: milestonesOf(event, definitions).map((milestone) => {
      // The milestone's own title is filled in already; its template is the definition's.
      const title = definitions.find(({ key }) => key === milestone.key)?.title ?? '';
      return { milestone, fingerprint: toldInstants(event, { title, text: milestone.text }) };
    }),
  };
}

/** An event, and what is told of it. */
export interface ToldEvent {
  readonly event: SwitchoverEvent;
  readonly scheduled: ScheduledEvent;
}

/**
 * The events about which something may be told or recorded at `now`: those to come within a year, for one that was told
 * about may have been moved there, and those just over. What a year holds never changes while the process runs, and is
 * worked out once: somebody asks every minute.
 */
export function eventsToTell(
  calendar: SwitchoverCalendar,
  definitions: readonly MilestoneDefinition[],
): (now: Instant) => readonly ToldEvent[] {
  const years = new Map<number, readonly ToldEvent[]>();
  const eventsOf = (year: number): readonly ToldEvent[] => {
    const events = years.get(year) ?? toldEvents(calendar, definitions, year);
    years.set(year, events);
    return events;
  };
  return (now) => {
    const year = new Date(now).getUTCFullYear();
    return [year - 1, year, year + 1]
      .flatMap(eventsOf)
      .filter(({ scheduled }) =>
        scheduled.milestones.some(({ milestone }) => now < milestone.until + RECORDED_FOR),
      );
  };
}

/** A year that no calendar has, holds no events. */
function toldEvents(
  calendar: SwitchoverCalendar,
  definitions: readonly MilestoneDefinition[],
  year: number,
): readonly ToldEvent[] {
  const events = calendar.events(year, year);
  if (isCalendarMistake(events)) return [];
  return events.map((event) => ({ event, scheduled: scheduledEvent(event, definitions) }));
}

import { EVENT_MOMENTS, type EventMoment } from './event-moments.js';
import type { SwitchoverEvent } from './switchover-event.js';
import { utcDay, utcTime } from './utc-day.js';
import { type ZoneChoice, zoneLine } from './zones.js';
import { zonestamp } from './zonestamp.js';

/** Facts that the event alone knows. `reason` is why it was cancelled, and empty when it was not. */
export type EventFact = 'key' | 'season' | 'from' | 'to' | 'reason' | `${EventMoment}.${'day' | 'time'}`;

/** Also those that depend on who reads: times in their zones, a link that counts seconds, where the schedule is. */
export type ReaderFact = EventFact | 'schedule' | `${EventMoment}.${'times' | 'link'}`;

export const EVENT_FACTS: readonly EventFact[] = [
  ...(['key', 'season', 'from', 'to', 'reason'] as const),
  ...EVENT_MOMENTS.flatMap((moment) => [`${moment}.day`, `${moment}.time`] as const),
];

export const READER_FACTS: readonly ReaderFact[] = [
  ...EVENT_FACTS,
  'schedule',
  ...EVENT_MOMENTS.flatMap((moment) => [`${moment}.times`, `${moment}.link`] as const),
];

/** How readers look at the schedule. */
export interface Reader {
  readonly zones: readonly ZoneChoice[];
  /** A link to the schedule, or the words of the command that shows it. */
  readonly schedule: string;
}

/** Every text for people takes its weekdays, dates, hours and datacenters from here; none is typed by hand. Pure. */
export function eventFacts(event: SwitchoverEvent): Readonly<Record<EventFact, string>> {
  return Object.fromEntries(EVENT_FACTS.map((fact) => [fact, eventFact(event, fact)])) as Record<
    EventFact,
    string
  >;
}

/** `eventFacts`, and what depends on the reader. A zone that does not exist throws a RangeError. Pure. */
export function readerFacts(
  event: SwitchoverEvent,
  { zones, schedule }: Reader,
): Readonly<Record<ReaderFact, string>> {
  const moments = EVENT_MOMENTS.flatMap((moment) => [
    [`${moment}.times`, zoneLine(event[moment], zones)],
    [`${moment}.link`, zonestamp(event[moment])],
  ]);
  return { ...eventFacts(event), ...Object.fromEntries(moments), schedule } as Record<ReaderFact, string>;
}

function eventFact(event: SwitchoverEvent, fact: EventFact): string {
  if (fact === 'reason') return event.cancelled ?? '';
  if (fact === 'key' || fact === 'season' || fact === 'from' || fact === 'to') return event[fact];
  const [moment, form] = fact.split('.') as [EventMoment, 'day' | 'time'];
  return form === 'day' ? utcDay(event[moment]) : `${utcTime(event[moment])} UTC`;
}

import { type SwitchoverCalendar, switchoverCalendar } from '../../src/calendar/switchover-calendar.js';
import {
  type CalendarMistake,
  explainCalendarMistake,
  isCalendarMistake,
} from '../../src/calendar/calendar-mistake.js';
import type { Override } from '../../src/calendar/overrides.js';
import type { DatacenterPair } from '../../src/calendar/season.js';
import type { SwitchoverEvent } from '../../src/calendar/switchover-event.js';
import { type Instant, parseInstant } from '../../src/domain/instant.js';
import { datacenter } from '../../src/domain/names.js';

/** Not the names of the example configuration: what shows up in a text must have come from here. */
export const PAIR: DatacenterPair = { northern: datacenter('north'), southern: datacenter('south') };

export function at(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Error(`not an instant: ${text}`);
  return parsed;
}

export function calendarWith(...overrides: readonly Override[]): SwitchoverCalendar {
  const calendar = switchoverCalendar(PAIR, overrides);
  if ('events' in calendar) return calendar;
  throw new Error(calendar.map(explainCalendarMistake).join('\n'));
}

/** The sentences of what a calendar with these overrides is refused for. */
export function refusalsOf(...overrides: readonly Override[]): readonly string[] {
  const calendar = switchoverCalendar(PAIR, overrides);
  return 'events' in calendar ? [] : calendar.map(explainCalendarMistake);
}

export function found(key: string, ...overrides: readonly Override[]): SwitchoverEvent {
  return right(calendarWith(...overrides).find(key));
}

export function right<T extends object>(value: T | CalendarMistake): T {
  if (isCalendarMistake(value)) throw new Error(explainCalendarMistake(value));
  return value;
}

export function wrong(value: object): string {
  if (isCalendarMistake(value)) return explainCalendarMistake(value);
  throw new Error(`no mistake: ${JSON.stringify(value)}`);
}

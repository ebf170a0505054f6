import { explainCalendarMistake } from '../calendar/calendar-mistake.js';
import { type SwitchoverCalendar, switchoverCalendar } from '../calendar/switchover-calendar.js';
import type { Config } from '../config/config.js';
import { ImpossibleState } from '../domain/errors.js';

/** The calendar of an installation; its overrides were checked with the configuration. */
export function calendarOf(config: Config): SwitchoverCalendar {
  const { northern, southern } = config.datacenters;
  const calendar = switchoverCalendar(
    { northern: northern.name, southern: southern.name },
    config.calendar.overrides,
  );
  if ('events' in calendar) return calendar;
  throw new ImpossibleState(calendar.map(explainCalendarMistake).join('; '));
}

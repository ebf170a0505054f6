import { type CalendarMistake, explainCalendarMistake } from '../../calendar/calendar-mistake.js';
import type { Override } from '../../calendar/overrides.js';
import type { DatacenterPair } from '../../calendar/season.js';
import { switchoverCalendar } from '../../calendar/switchover-calendar.js';
import { datacenter } from '../../domain/names.js';
import { type Misfit, misfitAt } from '../misfit.js';
import { overrideOf } from '../override-of.js';
import { type Raw, elementsAt } from '../raw.js';
import { overrideSection } from '../schema/calendar-section.js';

/** The names do not matter to whether an override is possible; so a mistake in them hides none of these. */
const PAIR: DatacenterPair = { northern: datacenter('northern'), southern: datacenter('southern') };

/**
 * Each override is tried after those before it, in order, so that what the calendar says is said of the one that
 * brought it about; one that is impossible is left out of what follows. Pure.
 */
export function calendarChecks(raw: Raw): readonly Misfit[] {
  const possible: Override[] = [];
  return elementsAt(raw, ['calendar', 'overrides']).flatMap(({ path, value }) => {
    const parsed = overrideSection.safeParse(value);
    if (!parsed.success) return [];
    const override = overrideOf(parsed.data);
    const [mistake] = mistakesOf([...possible, override]);
    if (mistake === undefined) {
      possible.push(override);
      return [];
    }
    const expected = `an override that is possible: ${explainCalendarMistake(mistake)}`;
    return [
      { ...misfitAt(raw, path, expected), found: `${override.kind} of ${JSON.stringify(override.event)}` },
    ];
  });
}

function mistakesOf(overrides: readonly Override[]): readonly CalendarMistake[] {
  const calendar = switchoverCalendar(PAIR, overrides);
  return 'events' in calendar ? [] : calendar;
}

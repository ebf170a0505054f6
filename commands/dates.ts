import { explainCalendarMistake, isCalendarMistake } from '../src/calendar/calendar-mistake.js';
import { FIRST_YEAR, LAST_YEAR } from '../src/calendar/calendar-years.js';
import { dateJson } from '../src/calendar/dates-json.js';
import { datesTable } from '../src/calendar/dates-table.js';
import type { SwitchoverCalendar } from '../src/calendar/switchover-calendar.js';
import { asJson } from '../src/chat/as-json.js';
import type { Command } from '../src/chat/command.js';
import { grammar, type Grammar } from '../src/chat/grammar.js';
import { message } from '../src/chat/message.js';
import { flag } from '../src/chat/parameter.js';
import { answered, mistaken } from '../src/chat/reply.js';
import { wholeNumber } from '../src/chat/value.js';
import type { Instant } from '../src/domain/instant.js';

export interface DatesArgs {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Years that are shown after the first when nobody says how many: what fits on a screen. */
const YEARS_AHEAD = 2;

/** Reads only; pure over the calendar and the time of the call. */
export function datesCommand(calendar: SwitchoverCalendar): Command<DatesArgs> {
  const year = wholeNumber(FIRST_YEAR, LAST_YEAR, 'YEAR');
  const datesGrammar: Grammar<DatesArgs> = grammar({
    from: flag({ name: 'from', means: 'the first year, this year when left out', value: year }),
    to: flag({ name: 'to', means: 'the last year, two more when left out', value: year }),
  });
  return {
    words: ['dates'],
    summary: 'when switchovers are, year by year',
    example: 'dates --from 2026 --to 2030',
    requires: 'anyone',
    writes: false,
    grammar: datesGrammar,
    async run(args, { now }) {
      const [from, to] = range(args, now);
      const events = calendar.events(from, to);
      if (isCalendarMistake(events)) return mistaken({ what: `${explainCalendarMistake(events)}.` });
      return answered(
        message('plain', { kind: 'code', lines: datesTable(events) }),
        events.map((event) => asJson(dateJson(event))),
      );
    },
  };
}

/** With one end given the other one is found so that there is something to show. */
function range({ from, to }: DatesArgs, now: Instant): readonly [from: number, to: number] {
  const first = from ?? Math.min(new Date(now).getUTCFullYear(), to ?? LAST_YEAR);
  return [first, to ?? Math.min(first + YEARS_AHEAD, LAST_YEAR)];
}

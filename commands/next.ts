import { countdown } from '../src/calendar/countdown.js';
import { nextJson } from '../src/calendar/dates-json.js';
import { eventTable } from '../src/calendar/dates-table.js';
import type { MilestoneDefinition } from '../src/calendar/milestone.js';
import { milestonesOf } from '../src/calendar/milestones.js';
import type { SwitchoverCalendar } from '../src/calendar/switchover-calendar.js';
import type { SwitchoverEvent } from '../src/calendar/switchover-event.js';
import { zoneLine, type ZoneChoice } from '../src/calendar/zones.js';
import { zonestamp } from '../src/calendar/zonestamp.js';
import { asJson } from '../src/chat/as-json.js';
import type { Command, Reply } from '../src/chat/command.js';
import { noArguments } from '../src/chat/grammar.js';
import { message, paragraph } from '../src/chat/message.js';
import { answered, notFound } from '../src/chat/reply.js';

/** What is told of an event whenever it is asked for. */
interface LaidOut {
  readonly table: readonly string[];
  /** The start of read-only in each zone. */
  readonly start: string;
  readonly json: Reply['data'];
}

export interface NextParts {
  readonly calendar: SwitchoverCalendar;
  /** The milestones around every switchover. */
  readonly timeline: readonly MilestoneDefinition[];
  /** Zones to show the start of read-only in. */
  readonly zones: readonly ZoneChoice[];
}

/** Reads only; pure over the calendar and the time of the call. */
export function nextCommand({ calendar, timeline, zones }: NextParts): Command<object> {
  const known = new WeakMap<SwitchoverEvent, LaidOut>();
  /** An event is the same object each time, and all of this is arithmetic in time zones. */
  const laidOut = (event: SwitchoverEvent): LaidOut => {
    const made = known.get(event);
    if (made !== undefined) return made;
    const milestones = milestonesOf(event, timeline);
    const laid = {
      table: eventTable(event, milestones),
      start: zoneLine(event.mediawiki, zones),
      json: asJson(nextJson(event, milestones)),
    };
    known.set(event, laid);
    return laid;
  };
  return {
    words: ['next'],
    tried: ['when', 'schedule', 'calendar'],
    summary: 'the next switchover with its milestones',
    example: 'next',
    requires: 'anyone',
    writes: false,
    grammar: noArguments,
    async run(_args, { now }) {
      const event = calendar.next(now);
      if (event === undefined) return notFound('no switchover is planned');
      const { table, start, json } = laidOut(event);
      const shown = message(
        'plain',
        { kind: 'code', lines: table },
        paragraph(
          `Read-only starts ${countdown(event.mediawiki, now)}: ${start} (`,
          { link: zonestamp(event.mediawiki), text: 'in your zone' },
          ').',
        ),
      );
      return answered(shown, json);
    },
  };
}

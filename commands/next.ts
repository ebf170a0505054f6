import { countdown } from '../src/calendar/countdown.js';
import { nextJson } from '../src/calendar/dates-json.js';
import { eventTable } from '../src/calendar/dates-table.js';
import type { MilestoneDefinition } from '../src/calendar/milestone.js';
import { milestonesOf } from '../src/calendar/milestones.js';
import type { SwitchoverCalendar } from '../src/calendar/switchover-calendar.js';
import { zoneLine, type ZoneChoice } from '../src/calendar/zones.js';
import { zonestamp } from '../src/calendar/zonestamp.js';
import { asJson } from '../src/chat/as-json.js';
import type { Command } from '../src/chat/command.js';
import { noArguments } from '../src/chat/grammar.js';
import { message, paragraph } from '../src/chat/message.js';
import { answered, notFound } from '../src/chat/reply.js';

export interface NextParts {
  readonly calendar: SwitchoverCalendar;
  /** The milestones around every switchover. */
  readonly timeline: readonly MilestoneDefinition[];
  /** Zones to show the start of read-only in. */
  readonly zones: readonly ZoneChoice[];
}

/** Reads only; pure over the calendar and the time of the call. */
export function nextCommand({ calendar, timeline, zones }: NextParts): Command<object> {
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
      const milestones = milestonesOf(event, timeline);
      const shown = message(
        'plain',
        { kind: 'code', lines: eventTable(event, milestones) },
        paragraph(
          `Read-only starts ${countdown(event.mediawiki, now)}: ${zoneLine(event.mediawiki, zones)} (`,
          { link: zonestamp(event.mediawiki), text: 'in your zone' },
          ').',
        ),
      );
      return answered(shown, asJson(nextJson(event, milestones)));
    },
  };
}

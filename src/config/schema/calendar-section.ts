import { z } from 'zod';
import { EVENT_MOMENTS, type EventMoment } from '../../calendar/event-moments.js';
import { DEFAULT_ZONES, isKnownZone } from '../../calendar/zones.js';
import { parseInstant } from '../../domain/instant.js';
import { line, list, matching, oneOf, section, whole } from './fields.js';

const event = matching(/^.{1,80}$/, 'the key of an event, such as 2026-northward');
const reason = line('why, for people');
const only = oneOf(EVENT_MOMENTS as readonly [EventMoment, ...EventMoment[]]).optional();

const INSTANT = 'an instant with its zone, such as 2026-04-08T14:00:00Z';
const until = z.string({ error: INSTANT }).transform((text, issues) => {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  issues.addIssue({ code: 'custom', message: INSTANT });
  return z.NEVER;
});

const KINDS = 'one of move, retime, extend, cancel';

/** Whether days, hours and events exist is for the calendar to say. */
export const overrideSection = z.discriminatedUnion(
  'kind',
  [
    section({
      event,
      reason,
      kind: z.literal('move'),
      to: matching(/^.{1,40}$/, 'a UTC day, such as 2026-04-01'),
      only,
    }),
    section({
      event,
      reason,
      kind: z.literal('retime'),
      at: matching(/^.{1,40}$/, 'a time in UTC, such as 15:00'),
      only,
    }),
    section({
      event,
      reason,
      kind: z.literal('extend'),
      days: whole('how many days later', 1, 180).optional(),
      until: until.optional(),
    }).refine(({ days, until: end }) => (days === undefined) !== (end === undefined), {
      error: 'either days or until',
    }),
    section({ event, reason, kind: z.literal('cancel') }),
  ],
  { error: KINDS },
);

const ZONE = 'the name of a zone in the tz database, such as Europe/Berlin';
const zone = section({
  zone: z.string({ error: ZONE }).refine(isKnownZone, { error: ZONE }),
  label: line('a short name for people', 20).optional(),
});

export const calendarSection = section({
  overrides: list(overrideSection, 'overrides', 0, 200).default([]),
  zones: list(zone, 'zones', 1, 30).default([...DEFAULT_ZONES]),
}).prefault({});

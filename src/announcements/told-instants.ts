import { createHash } from 'node:crypto';
import { EVENT_MOMENTS } from '../calendar/event-moments.js';
import { eventFacts } from '../calendar/event-facts.js';
import { factsIn } from '../calendar/fact-template.js';
import type { MilestoneDefinition } from '../calendar/milestone.js';
import type { SwitchoverEvent } from '../calendar/switchover-event.js';
import { isoSeconds } from '../domain/instant.js';

/** The fingerprint of a text that names no instant: it stays true whatever is moved. */
export const NAMES_NO_INSTANT = 'none';

/**
 * The fingerprint of the days and times that a milestone's title and text name, as they read for this event: another
 * one as soon as a reader would read another, and the same one when only words were changed. Pure.
 */
export function toldInstants(
  event: SwitchoverEvent,
  { title, text }: Pick<MilestoneDefinition, 'title' | 'text'>,
): string {
  const facts: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      EVENT_MOMENTS.flatMap((moment) => [
        [`${moment}.times`, isoSeconds(event[moment])],
        [`${moment}.link`, isoSeconds(event[moment])],
      ]),
    ),
    ...eventFacts(event),
  };
  const named = [...new Set([title, ...text].flatMap(factsIn))].filter((fact) => fact.includes('.')).sort();
  if (named.length === 0) return NAMES_NO_INSTANT;
  return createHash('sha256')
    .update(JSON.stringify(named.map((fact) => [fact, facts[fact]])))
    .digest('hex')
    .slice(0, 8);
}

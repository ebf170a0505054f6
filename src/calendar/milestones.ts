import { fillPlain } from './fact-template.js';
import { eventFacts } from './event-facts.js';
import { type Milestone, type MilestoneDefinition, instantOf, lengthMillis } from './milestone.js';
import type { SwitchoverEvent } from './switchover-event.js';
import { type Instant, instant } from '../domain/instant.js';

/** What is told of an event that does not take place; worth telling until a day after it would have been. */
const CANCELLED: Omit<MilestoneDefinition, 'at'> = {
  key: 'cancelled',
  title: 'Cancelled: datacenter switchover from {from} to {to}',
  tellWithin: { days: 1 },
  audiences: ['everyone'],
  text: [
    'The datacenter switchover from {from} to {to} that was planned for {mediawiki.day} at {mediawiki.time} does not take place. Reason: {reason}.',
    'The schedule is at {schedule}.',
  ],
};

/**
 * The milestones of an event in order of time; those at the same instant keep the order of the definitions.
 * A cancelled event has a single one, the notice of that, from when its first milestone would have been. Pure.
 */
export function milestonesOf(
  event: SwitchoverEvent,
  definitions: readonly MilestoneDefinition[],
): readonly Milestone[] {
  const dated = definitions.map((definition) => ({ definition, at: instantOf(event, definition.at) }));
  if (event.cancelled !== undefined) {
    const first = Math.min(event.mediawiki, ...dated.map(({ at }) => at));
    return [{ ...titled(event, CANCELLED), at: instant(first), until: after(event.mediawiki, CANCELLED) }];
  }
  return dated
    .map(({ definition, at }) => ({ ...titled(event, definition), at, until: after(at, definition) }))
    .sort((a, b) => a.at - b.at);
}

/** Those worth telling at `now`: begun and not yet stale. Whether they were already told is for the ledger to say. Pure. */
export function milestonesDue(milestones: readonly Milestone[], now: Instant): readonly Milestone[] {
  return milestones.filter(({ at, until }) => at <= now && now < until);
}

function titled(
  event: SwitchoverEvent,
  { key, title, audiences, text }: Omit<MilestoneDefinition, 'at'>,
): Omit<Milestone, 'at' | 'until'> {
  return { key, title: fillPlain(title, eventFacts(event)), audiences, text };
}

function after(at: Instant, { tellWithin }: Pick<MilestoneDefinition, 'tellWithin'>): Instant {
  return instant(at + lengthMillis(tellWithin));
}

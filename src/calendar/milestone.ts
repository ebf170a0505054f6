import { DAY, HOUR, type Instant, MINUTE, type Millis, instant } from '../domain/instant.js';
import type { EventMoment, EventMoments } from './event-moments.js';

/** For whom something is. `everyone` is each of the others. */
export type Audience =
  'engineers' | 'community' | 'community-relations' | 'ambassadors' | 'translators' | 'everyone';

/** A length in calendar units of UTC, where a day is always 24 hours; units add up. Negative is before. */
export interface Length {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
}

/** A point in time relative to a moment of an event: `{ of: 'mediawiki', weeks: -10 }`. */
export interface Offset extends Length {
  readonly of: EventMoment;
}

/** One thing to do or to tell around every switchover, as data. Texts are templates over the event's facts. */
export interface MilestoneDefinition {
  /** Stable for ever: deliveries are recorded under it. */
  readonly key: string;
  /** May name facts of the event only: `Repool {from}`. */
  readonly title: string;
  readonly at: Offset;
  /** How long after `at` it is still worth telling; somebody who starts the service later is told nothing. */
  readonly tellWithin: Length;
  readonly audiences: readonly Audience[];
  /** Paragraphs; these may also name facts that depend on the reader, such as times in zones. */
  readonly text: readonly string[];
}

/** A milestone of one event. */
export interface Milestone {
  readonly key: string;
  readonly at: Instant;
  /** The first instant at which it is no longer worth telling. */
  readonly until: Instant;
  readonly title: string;
  readonly audiences: readonly Audience[];
  /** The templates of the definition's paragraphs, not yet filled in: that takes a reader's zones. */
  readonly text: readonly string[];
}

export function lengthMillis({ weeks = 0, days = 0, hours = 0, minutes = 0 }: Length): Millis {
  return (weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE;
}

export function instantOf(event: EventMoments, offset: Offset): Instant {
  return instant(event[offset.of] + lengthMillis(offset));
}

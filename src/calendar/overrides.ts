import type { Instant } from '../domain/instant.js';
import type { EventMoment, EventMoments } from './event-moments.js';

/**
 * Exceptions from the rule, as data from configuration: any single event can be moved, re-timed, extended or
 * cancelled without touching the rule. Several for one event are applied in the order in which they are listed.
 * Each needs a reason, and each stays visible on the event.
 */
export type Override = MoveOverride | RetimeOverride | ExtendOverride | CancelOverride;

export type OverrideKind = Override['kind'];

interface OverrideBase {
  /** `2026-northward`; text, because it was typed by a person. */
  readonly event: string;
  /** Why, for people; one line. */
  readonly reason: string;
}

/**
 * Another day, hours kept. Without `only` the whole event moves: `to` is the new day of MediaWiki, and everything
 * else keeps its distance from it. With `only` that one moment moves to `to` and the rest stays.
 */
export interface MoveOverride extends OverrideBase {
  readonly kind: 'move';
  /** A UTC calendar day, `2026-04-01`. */
  readonly to: string;
  readonly only?: EventMoment;
}

/** Another hour of the same UTC days, for every moment or for `only` one. */
export interface RetimeOverride extends OverrideBase {
  readonly kind: 'retime';
  /** UTC, `15:00`. */
  readonly at: string;
  readonly only?: EventMoment;
}

/** The repool later than planned, while maintenance goes on: by whole days, or until an instant. Never earlier. */
export interface ExtendOverride extends OverrideBase {
  readonly kind: 'extend';
  readonly by: { readonly days: number } | { readonly until: Instant };
}

/**
 * The event does not take place. The direction of the next one stays what its season says: whether there is then
 * anything to switch is for the run to find out, which looks at where the primary really is.
 */
export interface CancelOverride extends OverrideBase {
  readonly kind: 'cancel';
}

/** An override as it took effect: the moments that it changed, before and after. `now` is empty when cancelled. */
export interface AppliedOverride {
  readonly kind: OverrideKind;
  readonly reason: string;
  readonly was: Partial<EventMoments>;
  readonly now: Partial<EventMoments>;
}

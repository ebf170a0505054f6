import type { DatacenterName } from '../domain/names.js';
import type { EventMoments } from './event-moments.js';
import type { AppliedOverride } from './overrides.js';
import type { Season } from './season.js';

/** `2026-northward`: names one switchover for ever, also after it was moved into another month or year. */
export type EventKey = `${number}-${Season}`;

/** One switchover as it is scheduled, overrides included. */
export interface SwitchoverEvent extends EventMoments {
  readonly key: EventKey;
  readonly season: Season;
  /** The year of the equinox that it belongs to. */
  readonly year: number;
  readonly from: DatacenterName;
  readonly to: DatacenterName;
  /** What was changed from the rule, in the order in which it was applied. */
  readonly overrides: readonly AppliedOverride[];
  /** Why it does not take place; its instants then say when it would have. */
  readonly cancelled?: string;
}

export function eventKey(year: number, season: Season): EventKey {
  return `${year}-${season}`;
}

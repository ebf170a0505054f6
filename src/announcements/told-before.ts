import type { Delivery } from './delivery.js';
import { type AnnouncementKey, parseAnnouncementKey } from './announcement-key.js';

/** An announcement that was, or may have been, delivered. `order` grows with time over all of one event. */
export interface Heard extends AnnouncementKey {
  readonly order: number;
  readonly state: 'claimed' | 'sent';
}

/** The milestone under which a cancelled event is told (calendar/milestones.ts). */
export const CANCELLATION = 'cancelled';

/** What is known to have been told of one event, or may have been: what nobody heard cannot have become wrong. Pure. */
export function heardOf(deliveries: readonly Delivery[]): readonly Heard[] {
  return deliveries.flatMap(({ key, state }, order) => {
    const parsed = parseAnnouncementKey(key);
    return parsed === undefined || state === 'not-sent' ? [] : [{ ...parsed, order, state }];
  });
}

/**
 * Whether something that was heard later at the same destination says the opposite: that the event is cancelled, or, of a cancellation, anything
 * else about the event. Pure.
 */
export function contradicted(heard: Heard, here: readonly Heard[]): boolean {
  const cancels = heard.milestone === CANCELLATION;
  return here.some(({ order, milestone }) => order > heard.order && (milestone === CANCELLATION) !== cancels);
}

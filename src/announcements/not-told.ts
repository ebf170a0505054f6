import type { Instant } from '../domain/instant.js';
import type { Delivery } from './delivery.js';
import { type AnnouncementKey, parseAnnouncementKey } from './announcement-key.js';
import type { ScheduledEvent } from './what-is-due.js';

/** Somebody who has not been told something, or perhaps not. */
export interface NotTold {
  /** `2026-northward`. */
  readonly event: string;
  readonly milestone: string;
  readonly title: string;
  /** `terminal/#community`. */
  readonly to: string;
  /** `not-sent` is certain. */
  readonly state: 'not-sent' | 'unknown';
  /** When it was to be told first. */
  readonly since: Instant;
  readonly because: string;
}

/** Of each milestone and destination what the ledger holds last, unless it was sent. Pure. */
export function notToldOf(event: ScheduledEvent, deliveries: readonly Delivery[]): readonly NotTold[] {
  const last = new Map<string, { readonly key: AnnouncementKey; readonly delivery: Delivery }>();
  for (const delivery of deliveries) {
    const key = parseAnnouncementKey(delivery.key);
    if (key !== undefined) last.set(JSON.stringify([key.milestone, key.to]), { key, delivery });
  }
  return [...last.values()].flatMap(({ key, delivery: { state, since, because } }): NotTold[] => {
    if (state === 'sent') return [];
    const title = event.milestones.find(({ milestone }) => milestone.key === key.milestone)?.milestone.title;
    return [
      {
        event: event.key,
        milestone: key.milestone,
        title: title ?? key.milestone,
        to: key.to,
        state: state === 'claimed' ? 'unknown' : 'not-sent',
        since,
        because: state === 'claimed' ? 'it was sent, and no answer came' : (because ?? 'no reason is known'),
      },
    ];
  });
}

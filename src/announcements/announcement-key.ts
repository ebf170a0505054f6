import type { DeliveryKey } from '../chat/platform.js';

/**
 * What is delivered: a milestone of an event, as it read at the time, to one destination. When an instant that its text
 * names is changed it has another fingerprint, and so does what was told before differ from what is to be told.
 */
export interface AnnouncementKey {
  /** `2026-northward`. */
  readonly event: string;
  /** `week-notice`. */
  readonly milestone: string;
  /** Grows with every change of what was told, from 1; an event may be moved back to where it was. */
  readonly version: number;
  readonly fingerprint: string;
  /** `reminder` at its time; `moved` as soon as something that was told is no longer true. */
  readonly notice: 'reminder' | 'moved';
  /** `terminal/#community`. */
  readonly to: string;
}

/** The beginning of the keys of everything that is told of an event. Pure. */
export const eventPrefix = (event: string): string => `milestone/${event}/`;

/** `milestone/2026-northward/week-notice/2-3fa9c2d4/terminal/#community`; a notice of a move has `2-3fa9c2d4-moved`. Pure. */
export function announcementKey({
  event,
  milestone,
  version,
  fingerprint,
  notice,
  to,
}: AnnouncementKey): DeliveryKey {
  const moved = notice === 'moved' ? '-moved' : '';
  return `${eventPrefix(event)}${milestone}/${version}-${fingerprint}${moved}/${to}`;
}

/** The announcement that has this key, or undefined for a key of something else. Pure. */
export function parseAnnouncementKey(key: DeliveryKey): AnnouncementKey | undefined {
  const parts = /^milestone\/([^/]+)\/([^/]+)\/(\d+)-([^/-]+)(-moved)?\/(.+)$/s.exec(key);
  const [, event, milestone, version, fingerprint, moved, to] = parts ?? [];
  if (!event || !milestone || !version || !fingerprint || !to) return undefined;
  return {
    event,
    milestone,
    version: Number(version),
    fingerprint,
    notice: moved ? 'moved' : 'reminder',
    to,
  };
}

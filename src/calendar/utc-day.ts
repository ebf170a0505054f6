import { DateTime } from 'luxon';
import type { Instant } from '../domain/instant.js';

/** `Wednesday 25 March 2026`, the UTC day. Always English: translations are made from the text, not from the locale. */
export function utcDay(at: Instant): string {
  return utc(at).toFormat('cccc d LLLL yyyy');
}

/** `14:00`, UTC. */
export function utcTime(at: Instant): string {
  return utc(at).toFormat('HH:mm');
}

/** `Wed 2026-03-25 14:00`, UTC, always 20 columns: for tables. */
export function utcColumn(at: Instant): string {
  return utc(at).toFormat('ccc yyyy-LL-dd HH:mm');
}

function utc(at: Instant): DateTime {
  return DateTime.fromMillis(at, { zone: 'utc', locale: 'en' });
}

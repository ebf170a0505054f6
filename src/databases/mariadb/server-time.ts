import { type Instant, isoMillis, parseInstant } from '../../domain/instant.js';

/**
 * A time as a server (`2026-03-25 14:00:00.001230`) or pt-heartbeat (the same with a T) writes it, UTC. What is finer
 * than a millisecond is cut off, never rounded up: a heartbeat must not look newer than it is. Pure.
 */
export function parseServerTime(text: string): Instant | undefined {
  const [, date, time, fraction = ''] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  return parseInstant(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
}

/** `2026-03-25 14:00:00.001`: how a server compares it with UTC_TIMESTAMP(6). Pure. */
export function formatServerTime(at: Instant): string {
  return isoMillis(at).replace('T', ' ').replace('Z', '');
}

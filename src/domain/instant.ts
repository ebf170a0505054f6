/** Milliseconds since 1970-01-01T00:00:00Z. Zones exist only where a person reads. */
export type Instant = number & { readonly __brand: 'Instant' };

/** A length of time in milliseconds, never negative. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

export function instant(epochMillis: number): Instant {
  if (!Number.isFinite(epochMillis)) throw new RangeError(`not an instant: ${epochMillis}`);
  return Math.round(epochMillis) as Instant;
}

/** Reads a full ISO 8601 text that carries its zone; anything less is undefined, never a guess. */
export function parseInstant(text: string): Instant | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  // Date.parse takes the 30th of February for the 2nd of March.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day))
    return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : (millis as Instant);
}

/** `2026-03-25T14:00:00Z`: whole seconds, the form other schedulers read. */
export function isoSeconds(at: Instant): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** `2026-03-25T14:00:02.417Z`. */
export function isoMillis(at: Instant): string {
  return new Date(at).toISOString();
}

/** `14:00:02`, UTC. */
export function clockTime(at: Instant): string {
  return new Date(at).toISOString().slice(11, 19);
}

export function plus(at: Instant, length: Millis): Instant {
  return (at + length) as Instant;
}

/** `2 min 42 s`, `12.3 s`, `1 h 5 min`: for people. */
export function formatLength(length: Millis): string {
  if (length < 0) return `-${formatLength(-length)}`;
  if (length < 100) return `${Math.round(length)} ms`;
  if (length < 60 * SECOND) {
    const tenths = Math.round(length / 100) / 10;
    if (tenths < 60) return `${tenths} s`;
  }
  const seconds = Math.round(length / SECOND);
  if (seconds < 3600) {
    const rest = seconds % 60;
    return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
  }
  return `${Math.round(minutes / (24 * 60))} days`;
}

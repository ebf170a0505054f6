import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../domain/instant.js';

const UNITS: Readonly<Record<string, Millis>> = {
  ms: 1,
  s: SECOND,
  min: MINUTE,
  h: HOUR,
  day: DAY,
  days: DAY,
};

/**
 * Reads `150 ms`, `10s`, `30 min`, `1 h 30 min`. A number without its unit is undefined, never a guess: seconds in one
 * tool are milliseconds in the next. Pure.
 */
export function parseLengthOfTime(text: string): Millis | undefined {
  const parts = text.trim().split(/(?<=[a-z])\s*(?=\d)/);
  const lengths = parts.map((part) => {
    const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)$/.exec(part) ?? [];
    return digits === undefined ? undefined : Number(digits) * (UNITS[unit ?? ''] ?? NaN);
  });
  const total = lengths.reduce<number>((sum, length) => sum + (length ?? NaN), 0);
  return Number.isFinite(total) ? Math.round(total) : undefined;
}

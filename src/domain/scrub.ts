import type { Json } from './json.js';

/** Takes known secrets out of a text, wherever they stand in it. */
export type Scrub = (text: string) => string;

const HIDDEN = '[secret]';

/** By value, not by the name of a field: a secret can turn up in an error, an output or a command line. Pure. */
export function scrubberOf(secrets: readonly string[]): Scrub {
  // Longest first, so that one that contains another is hidden whole.
  const known = [...new Set(secrets.filter((secret) => secret !== ''))].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

/** The same for plain data, keys included. Pure. */
export function scrubJson(value: Json, scrub: Scrub): Json {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item: Json) => scrubJson(item, scrub));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([key, field]) => [
      scrub(key),
      scrubJson(field, scrub),
    ]),
  );
}

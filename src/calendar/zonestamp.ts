import type { Instant } from '../domain/instant.js';

/** A page that shows the instant in the reader's own zone, which is how instants are shared: it counts epoch seconds. Pure. */
export function zonestamp(at: Instant): string {
  return `https://zonestamp.toolforge.org/${Math.floor(at / 1000)}`;
}

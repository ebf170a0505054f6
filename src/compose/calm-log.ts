import type { Clock } from '../domain/clock.js';
import { type Instant, MINUTE } from '../domain/instant.js';

/**
 * A log that says the same line once a minute at most. What fails is tried again every second; a line for each time
 * would hide all others, and tear the line that somebody types.
 */
export function calmLog(log: (text: string) => void, clock: Pick<Clock, 'now'>): (text: string) => void {
  const said = new Map<string, Instant>();
  return (text) => {
    const now = clock.now();
    for (const [earlier, at] of said) if (Math.abs(now - at) >= MINUTE) said.delete(earlier);
    if (said.has(text)) return;
    said.set(text, now);
    log(text);
  };
}

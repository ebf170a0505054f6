import { type Instant, parseInstant } from '../../src/domain/instant.js';
import { type FastClock, type FastClockOptions, fastClock } from '../../src/simulation/fast-clock.js';

/** One hour before the read-only period of a switchover that really took place. */
export const AN_HOUR_BEFORE = parseInstant('2026-03-25T13:00:00Z') as Instant;

/** The clock of tests: a whole switchover takes milliseconds, in the same order each time. */
export function virtualClock(startAt: Instant = AN_HOUR_BEFORE, options: FastClockOptions = {}): FastClock {
  return fastClock(startAt, options);
}

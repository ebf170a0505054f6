import type { Millis } from '../domain/instant.js';

/**
 * How long to wait after the `failures`th failure in a row (from 1): doubling from `first`, never more than `most`, and
 * anywhere in the upper half of that, so that those who lost the same server do not come back in one moment. Pure.
 *
 * @param random From 0 up to 1.
 */
export function backoff(failures: number, first: Millis, most: Millis, random: number): Millis {
  const whole = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return whole * (0.5 + random / 2);
}

import { type Instant, instant } from '../../domain/instant.js';
import type { IrcFlood } from './options.js';

/** Tokens that fill up with time: one is taken for each line that goes out. */
export interface TokenBucket {
  /** Takes one, where `spare` others stay; false where there are not as many. */
  take(now: Instant, spare?: number): boolean;
  /** When one could be taken; now, where one can. */
  readyAt(now: Instant, spare?: number): Instant;
}

export function openTokenBucket({ burst, perSecond }: IrcFlood, now: Instant): TokenBucket {
  let tokens = burst;
  let at = now;
  const fill = (later: Instant): void => {
    tokens = Math.min(burst, tokens + (Math.max(0, later - at) * perSecond) / 1_000);
    at = later;
  };
  return {
    take(later, spare = 0) {
      fill(later);
      // A hair less than one is one: a clock of whole milliseconds wakes up too early otherwise.
      if (tokens < 1 + spare - 1e-6) return false;
      tokens -= 1;
      return true;
    },
    readyAt(later, spare = 0) {
      fill(later);
      return instant(later + Math.ceil((Math.max(0, 1 + spare - tokens) * 1_000) / perSecond));
    },
  };
}

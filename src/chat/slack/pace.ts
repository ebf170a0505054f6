import type { Clock } from '../../domain/clock.js';
import { type Instant, plus, SECOND } from '../../domain/instant.js';
import { NotSent } from '../errors.js';

export interface PaceRule {
  /** How many may go at once after a quiet time. */
  readonly burst: number;
  /** How many of those are kept for what is urgent. */
  readonly reserve: number;
  /** How many go in a second in the long run. */
  readonly perSecond: number;
}

/** Slack: about one message a second in each channel, short bursts are taken. */
export const postingPace: PaceRule = { burst: 4, reserve: 2, perSecond: 1 };

/** Slack's tier 3, which `chat.update` is in: fifty a minute and more, for the whole workspace. */
export const editingPace: PaceRule = { burst: 6, reserve: 3, perSecond: 50 / 60 };

/**
 * Keeps what is calm within Slack's limits, and a reserve for what is urgent, which never waits here. One bucket for
 * each place.
 */
export interface Pace {
  /** Resolves when one calm thing may go, in the order of asking; throws NotSent once we close. */
  turn(place: string): Promise<void>;
  /** Whether one calm thing may go now: for what is left out rather than said late. */
  free(place: string): boolean;
  /** One urgent thing goes now. */
  urgent(place: string): void;
}

/** Places that are remembered; whichever was idle for longest is full again anyway. */
const MOST_PLACES = 10_000;

interface Bucket {
  tokens: number;
  at: Instant;
  last: Promise<void>;
}

export function openPace(rule: PaceRule, clock: Clock, closed: AbortSignal): Pace {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (place: string): Bucket => {
    const now = clock.now();
    const bucket = buckets.get(place) ?? { tokens: rule.burst, at: now, last: Promise.resolve() };
    bucket.tokens = Math.min(rule.burst, bucket.tokens + ((now - bucket.at) / SECOND) * rule.perSecond);
    bucket.at = now;
    buckets.delete(place);
    buckets.set(place, bucket);
    const [idlest] = buckets.keys();
    if (buckets.size > MOST_PLACES && idlest !== undefined) buckets.delete(idlest);
    return bucket;
  };
  const takeCalmly = async (place: string): Promise<void> => {
    for (;;) {
      const bucket = bucketOf(place);
      const missing = rule.reserve + 1 - bucket.tokens;
      if (missing <= 0) {
        bucket.tokens -= 1;
        return;
      }
      const wait = Math.ceil((missing / rule.perSecond) * SECOND);
      await clock.sleepUntil(plus(clock.now(), wait), closed).catch(() => {
        throw new NotSent('Slack is being left');
      });
    }
  };
  return {
    turn(place) {
      const bucket = bucketOf(place);
      const turn = bucket.last.then(() => takeCalmly(place));
      bucket.last = turn.catch(() => undefined);
      return turn;
    },
    free(place) {
      const bucket = bucketOf(place);
      if (bucket.tokens < rule.reserve + 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    urgent(place) {
      const bucket = bucketOf(place);
      bucket.tokens = Math.max(-rule.burst, bucket.tokens - 1);
    },
  };
}

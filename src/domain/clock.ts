import { type Instant, type Millis, instant } from './instant.js';

/**
 * The only source of time. Every wait takes a signal; an aborted wait rejects with the signal's reason.
 * A clock never runs backwards within one process.
 */
export interface Clock {
  now(): Instant;
  /** Resolves once `now()` is at or past `until`. */
  sleepUntil(until: Instant, signal?: AbortSignal): Promise<void>;
}

export function sleep(clock: Clock, length: Millis, signal?: AbortSignal): Promise<void> {
  return clock.sleepUntil(instant(clock.now() + length), signal);
}

/** Longest delay a timer of the platform can hold (2^31-1 ms); longer waits are made of several. */
const LONGEST_TIMER: Millis = 2_000_000_000;

/** Waits `length` real milliseconds. */
export function realDelay(length: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const done = (): void => {
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(0, length), LONGEST_TIMER));
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal ? reasonOf(signal) : new Error('aborted'));
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}

export function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** The machine's clock, kept from running backwards when it is set back. */
export function systemClock(): Clock {
  let latest = 0;
  const now = (): Instant => {
    latest = Math.max(latest, Date.now());
    return instant(latest);
  };
  return {
    now,
    async sleepUntil(until, signal) {
      for (let left = until - now(); left > 0; left = until - now()) await realDelay(left, signal);
    },
  };
}

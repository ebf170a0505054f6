import type { Instant } from '../domain/instant.js';

/** Something that happens by the clock. It only wakes what is due: what that is, durable records say, not the clock. */
export interface Schedule {
  /** `tell-what-is-due`; unique. */
  readonly name: string;
  /** Five fields in UTC: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** Never called while an earlier call is still running. `now` is the minute that was due, or the newest of several. */
  run(now: Instant, signal: AbortSignal): Promise<void>;
}

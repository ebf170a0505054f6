import type { Clock } from '../domain/clock.js';
import { type Instant, MINUTE, instant } from '../domain/instant.js';
import type { Clockwork } from './clockwork.js';
import { cronMatcher, minuteOf } from './cron-pattern.js';
import { refuseSchedules } from './refuse-schedules.js';
import type { Schedule } from './schedule.js';
import { type Trouble, wakers } from './wakers.js';

/**
 * Wakes schedules by any clock: a simulated one runs faster, and jumps. After a jump over many minutes each schedule
 * that was due in one of them is woken once, for the newest. Throws BadSchedule.
 */
export function openClockClockwork(
  schedules: readonly Schedule[],
  clock: Clock,
  trouble: Trouble,
): Clockwork {
  refuseSchedules(schedules);
  const waking = wakers(trouble);
  const matchers = schedules.map((schedule) => ({ schedule, matcher: cronMatcher(schedule.cron) }));

  const wakeDue = (after: Instant, until: Instant): void => {
    for (const { schedule, matcher } of matchers) {
      const due = matcher.latest(after, until);
      if (due !== undefined) waking.wake(schedule, due);
    }
  };
  const go = async (): Promise<void> => {
    let passed = instant(minuteOf(clock.now()) - MINUTE);
    while (!waking.signal.aborted) {
      const now = minuteOf(clock.now());
      wakeDue(passed, now);
      passed = now;
      await clock.sleepUntil(instant(now + MINUTE), waking.signal);
    }
  };
  const going = go().catch((error: unknown) => {
    if (!waking.signal.aborted) trouble('the clock', error);
  });

  return {
    async close() {
      await waking.close();
      await going;
      for (const { matcher } of matchers) matcher.close();
    },
  };
}

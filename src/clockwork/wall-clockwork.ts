import { type ScheduledTask, createTask } from 'node-cron';
import type { Clock } from '../domain/clock.js';
import { MINUTE, instant } from '../domain/instant.js';
import type { Clockwork } from './clockwork.js';
import { ZONE, cronMatcher, minuteOf } from './cron-pattern.js';
import { refuseSchedules } from './refuse-schedules.js';
import type { Schedule } from './schedule.js';
import { type Trouble, wakers } from './wakers.js';

/** Wakes schedules by the machine's clock, with node-cron. Throws BadSchedule. */
export function openWallClockwork(schedules: readonly Schedule[], clock: Clock, trouble: Trouble): Clockwork {
  refuseSchedules(schedules);
  const waking = wakers(trouble);
  const tasks = schedules.map((schedule): ScheduledTask => {
    const wake = ({ date }: { readonly date: Date }): void => waking.wake(schedule, instant(date.getTime()));
    const task = createTask(schedule.cron, wake, {
      timezone: ZONE,
      noOverlap: true,
      name: schedule.name,
      logger: silent,
    });
    // A minute that was missed because the process was busy is only late.
    task.on('execution:missed', wake);
    return task;
  });
  for (const schedule of schedules) {
    const now = clock.now();
    const matcher = cronMatcher(schedule.cron);
    const due = matcher.latest(instant(minuteOf(now) - MINUTE), now);
    matcher.close();
    if (due !== undefined) waking.wake(schedule, due);
  }
  for (const task of tasks) void task.start();
  return {
    async close() {
      for (const task of tasks) await task.destroy();
      await waking.close();
    },
  };
}

/** Failures reach `trouble`, which knows the log's form; node-cron would print to the console. */
const silent = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
};

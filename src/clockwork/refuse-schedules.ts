import { patternMistake } from './cron-pattern.js';
import { BadSchedule } from './errors.js';
import type { Schedule } from './schedule.js';

/** Throws BadSchedule with every mistake among the schedules: a pattern that is none, a name that is there twice. */
export function refuseSchedules(schedules: readonly Schedule[]): void {
  const mistakes = schedules.flatMap(({ name, cron }, index) => {
    const mistake = patternMistake(cron);
    return [
      ...(schedules.findIndex((other) => other.name === name) < index
        ? [`two schedules are called ${name}`]
        : []),
      ...(mistake === undefined ? [] : [`${name}: ${mistake}`]),
    ];
  });
  if (mistakes.length > 0) throw new BadSchedule(mistakes);
}

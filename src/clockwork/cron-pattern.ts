import { createTask, parse, validateDetailed } from 'node-cron';
import { type Instant, MINUTE, instant } from '../domain/instant.js';
import { plural } from '../domain/text.js';

/** node-cron skips or repeats an hour when a zone changes its clocks; UTC never does. */
export const ZONE = 'Etc/UTC';

/** What is wrong with a pattern, or undefined. Five fields only: nothing here happens by the second. */
export function patternMistake(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5)
    return `"${cron}" has ${plural(fields, 'field')}; expected five, such as "*/5 * * * *" (UTC)`;
  const mistake = mistakeOf(cron);
  return mistake === undefined
    ? undefined
    : `"${cron}": ${mistake}; expected a pattern such as "*/5 * * * *" (UTC)`;
}

function mistakeOf(cron: string): string | undefined {
  const { valid, errors } = validateDetailed(cron);
  return valid ? undefined : errors.map(({ message }) => message).join(', ');
}

/** A valid pattern as a question about minutes. `close` gives back what node-cron keeps of it. */
export interface CronMatcher {
  /** The newest minute that the pattern has after `after` and not after `until`, or undefined. */
  latest(after: Instant, until: Instant): Instant | undefined;
  close(): void;
}

/** The start of the minute that an instant lies in. Pure. */
export const minuteOf = (at: Instant): Instant => instant(Math.floor(at / MINUTE) * MINUTE);

/** Reads a pattern as node-cron does, which decides each minute; whole minutes and hours are only ruled out beforehand. */
export function cronMatcher(cron: string): CronMatcher {
  const { minute, hour } = parse(cron);
  const [minutes, hours] = [new Set(minute), new Set(hour)];
  const task = createTask(cron, () => undefined, { timezone: ZONE });
  const matches = (at: Instant): boolean => {
    const date = new Date(at);
    return hours.has(date.getUTCHours()) && minutes.has(date.getUTCMinutes()) && task.match(date);
  };
  return {
    latest(after, until) {
      for (let at = minuteOf(until); at > after; at = instant(at - MINUTE)) if (matches(at)) return at;
      return undefined;
    },
    close: () => void task.destroy(),
  };
}

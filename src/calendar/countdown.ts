import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../domain/instant.js';
import { plural } from '../domain/text.js';

/**
 * `in 3 days 4 h`, `in 12 min`, `now`, `2 h 5 min ago`: two units at most, cut and not rounded, so that nothing is
 * ever said to be further away than it is. `now` is less than a minute either way. Pure.
 */
export function countdown(at: Instant, now: Instant): string {
  const left = Math.abs(at - now);
  if (left < MINUTE) return 'now';
  return at > now ? `in ${twoUnits(left)}` : `${twoUnits(left)} ago`;
}

function twoUnits(length: Millis): string {
  const days = Math.floor(length / DAY);
  const hours = Math.floor((length % DAY) / HOUR);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const parts =
    days > 0
      ? [days && plural(days, 'day'), hours && `${hours} h`]
      : [hours && `${hours} h`, minutes && `${minutes} min`];
  return parts.filter((part) => part !== 0).join(' ');
}

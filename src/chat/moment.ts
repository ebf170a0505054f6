import { DAY, HOUR, instant, type Instant, MINUTE, type Millis, parseInstant } from '../domain/instant.js';
import { type Value, valueOf } from './value.js';

/** A point in time as people write it: fixed, or so long before whenever it is used. */
export type Moment =
  { readonly kind: 'fixed'; readonly at: Instant } | { readonly kind: 'ago'; readonly ago: Millis };

const UNITS: ReadonlyMap<string, Millis> = new Map([
  ['m', MINUTE],
  ['min', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', 7 * DAY],
]);

/** `2h`, `30min`, `7d`, `2w`; a day `2026-03-25` from its start in UTC; an instant with its zone. */
export const moment: Value<Moment> = valueOf(
  'WHEN',
  'such as 2h, 7d, 2026-03-25 or 2026-03-25T14:00:00Z',
  (text) => {
    const [, count = '', unit = ''] = /^(\d{1,5})([a-z]+)$/i.exec(text) ?? [];
    const length = UNITS.get(unit.toLowerCase());
    if (length !== undefined) return { kind: 'ago', ago: Number(count) * length };
    const at = parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
    return at === undefined ? undefined : { kind: 'fixed', at };
  },
);

/** The instant that is meant when it is said at `now`. Pure. */
export function instantOfMoment(when: Moment, now: Instant): Instant {
  return when.kind === 'fixed' ? when.at : instant(now - when.ago);
}

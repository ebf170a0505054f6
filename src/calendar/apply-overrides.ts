import { DAY, type Instant, isoSeconds } from '../domain/instant.js';
import { oneLine } from '../domain/text.js';
import { type CalendarMistake, isCalendarMistake } from './calendar-mistake.js';
import { changedMoments } from './changed-moments.js';
import type { AppliedOverride, Override } from './overrides.js';
import { EVENT_MOMENTS, type EventMoments } from './event-moments.js';
import type { SwitchoverEvent } from './switchover-event.js';

/**
 * The event with its overrides applied in order, each visible in `overrides`; or the first mistake among them.
 * What order of moments results is judged once, after the last override: two that belong together may pass through
 * an order that would be wrong on its own. Pure.
 */
export function applyOverrides(
  event: SwitchoverEvent,
  overrides: readonly Override[],
): SwitchoverEvent | CalendarMistake {
  let changed = event;
  for (const override of overrides) {
    const next = applyOne(changed, override);
    if (isCalendarMistake(next)) return next;
    changed = next;
  }
  return overrides.length === 0 ? event : (orderMistake(changed) ?? changed);
}

function applyOne(event: SwitchoverEvent, override: Override): SwitchoverEvent | CalendarMistake {
  const reason = oneLine(override.reason);
  const about = `${override.kind} of ${event.key}`;
  if (reason === '') return { mistake: `${about} has no reason`, expected: 'a reason, one line for people' };
  if (event.cancelled !== undefined) {
    return { mistake: `${about} follows its cancellation`, expected: 'no further override after a cancel' };
  }
  if (override.kind === 'cancel') {
    const applied: AppliedOverride = { kind: 'cancel', reason, was: momentsOf(event), now: {} };
    return { ...event, overrides: [...event.overrides, applied], cancelled: reason };
  }
  const now = changedMoments(event, override);
  if (isCalendarMistake(now)) return { ...now, mistake: `${about}: ${now.mistake}` };
  const moments = EVENT_MOMENTS.filter((moment) => now[moment] !== event[moment]);
  if (moments.length === 0) {
    return { mistake: `${about} changes nothing`, expected: 'a day or hour other than the scheduled one' };
  }
  const only = (all: EventMoments): Partial<EventMoments> =>
    Object.fromEntries(moments.map((moment) => [moment, all[moment]]));
  const applied: AppliedOverride = { kind: override.kind, reason, was: only(event), now: only(now) };
  return { ...event, ...now, overrides: [...event.overrides, applied] };
}

function momentsOf({ services, traffic, mediawiki, repool }: EventMoments): EventMoments {
  return { services, traffic, mediawiki, repool };
}

/** Services and Traffic go before MediaWiki, and the repool comes at least a day after it. */
function orderMistake(event: SwitchoverEvent): CalendarMistake | undefined {
  for (const moment of ['services', 'traffic'] as const) {
    if (event[moment] > event.mediawiki) {
      return wrongOrder(
        event,
        `${moment} at ${isoSeconds(event[moment])}`,
        'no later than mediawiki',
        event.mediawiki,
      );
    }
  }
  if (event.repool - event.mediawiki < DAY) {
    return wrongOrder(
      event,
      `repool at ${isoSeconds(event.repool)}`,
      'at least a day after mediawiki',
      event.mediawiki,
    );
  }
  return undefined;
}

function wrongOrder(event: SwitchoverEvent, what: string, expected: string, limit: Instant): CalendarMistake {
  return {
    mistake: `overrides of ${event.key} leave ${what}`,
    expected: `${expected} at ${isoSeconds(limit)}`,
  };
}

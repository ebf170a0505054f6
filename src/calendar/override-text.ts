import { assertNever } from '../domain/assert-never.js';
import { plural } from '../domain/text.js';
import { DAY } from '../domain/instant.js';
import type { AppliedOverride, OverrideKind } from './overrides.js';
import { EVENT_MOMENTS } from './event-moments.js';
import { utcColumn } from './utc-day.js';

/**
 * An override for people, with what it changed: `re-timed: mediawiki Wed 2026-03-25 15:00 UTC (was Wed 2026-03-25
 * 14:00): <reason>`. One line of any length. Pure.
 */
export function overrideText({ kind, reason, was, now }: AppliedOverride): string {
  if (kind === 'cancel') return `cancelled: ${reason}`;
  const changes = EVENT_MOMENTS.flatMap((moment) => {
    const [before, after] = [was[moment], now[moment]];
    if (before === undefined || after === undefined) return [];
    const later =
      kind === 'extend' ? `, ${plural(Math.round(((after - before) / DAY) * 10) / 10, 'day')} later` : '';
    return [`${moment} ${utcColumn(after)} (was ${utcColumn(before)}${later})`];
  });
  return `${participle(kind)}: ${changes.join(', ')}: ${reason}`;
}

function participle(kind: Exclude<OverrideKind, 'cancel'>): string {
  switch (kind) {
    case 'move':
      return 'moved';
    case 'retime':
      return 're-timed';
    case 'extend':
      return 'extended';
    default:
      return assertNever(kind, 'kind of override');
  }
}

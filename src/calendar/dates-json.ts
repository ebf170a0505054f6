import { isoSeconds } from '../domain/instant.js';
import type { DatacenterName } from '../domain/names.js';
import type { Milestone } from './milestone.js';
import type { AppliedOverride, OverrideKind } from './overrides.js';
import type { Season } from './season.js';
import { EVENT_MOMENTS, type EventMoment, type EventMoments } from './event-moments.js';
import type { SwitchoverEvent } from './switchover-event.js';

type IsoMoments = { readonly [moment in EventMoment]: string };

/** One switchover as other schedulers read it: the fields, their order and their form are a promise. Instants are UTC. */
export interface DateJson extends IsoMoments {
  readonly season: Season;
  readonly year: number;
  readonly from: DatacenterName;
  readonly to: DatacenterName;
  readonly overrides: readonly OverrideJson[];
  /** Only when cancelled: the reason. */
  readonly cancelled?: string;
}

/** Only the moments that the override changed. */
export interface OverrideJson {
  readonly kind: OverrideKind;
  readonly reason: string;
  readonly was: Partial<IsoMoments>;
  readonly now: Partial<IsoMoments>;
}

export interface MilestoneJson {
  readonly key: string;
  readonly at: string;
  readonly title: string;
  /** Audiences joined with `, `. */
  readonly audience: string;
}

/** The event, nothing extra and in the promised order: fields are named one by one on purpose. Pure. */
export function dateJson(event: SwitchoverEvent): DateJson {
  return {
    season: event.season,
    year: event.year,
    from: event.from,
    to: event.to,
    services: isoSeconds(event.services),
    traffic: isoSeconds(event.traffic),
    mediawiki: isoSeconds(event.mediawiki),
    repool: isoSeconds(event.repool),
    overrides: event.overrides.map(overrideJson),
    ...(event.cancelled === undefined ? {} : { cancelled: event.cancelled }),
  };
}

/** What `next --json` prints: one event with its milestones. Pure. */
export function nextJson(
  event: SwitchoverEvent,
  milestones: readonly Milestone[],
): DateJson & { readonly milestones: readonly MilestoneJson[] } {
  return {
    ...dateJson(event),
    milestones: milestones.map(({ key, at, title, audiences }) => ({
      key,
      at: isoSeconds(at),
      title,
      audience: audiences.join(', '),
    })),
  };
}

function overrideJson({ kind, reason, was, now }: AppliedOverride): OverrideJson {
  return { kind, reason, was: isoMoments(was), now: isoMoments(now) };
}

function isoMoments(moments: Partial<EventMoments>): Partial<IsoMoments> {
  return Object.fromEntries(
    EVENT_MOMENTS.flatMap((moment) => {
      const at = moments[moment];
      return at === undefined ? [] : [[moment, isoSeconds(at)]];
    }),
  );
}

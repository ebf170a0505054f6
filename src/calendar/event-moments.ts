import type { Instant } from '../domain/instant.js';

/** What happens at an instant of its own: three components move, and a week later the idle datacenter is repooled. */
export type EventMoment = 'services' | 'traffic' | 'mediawiki' | 'repool';

/** In the order in which they happen and are printed. */
export const EVENT_MOMENTS: readonly EventMoment[] = ['services', 'traffic', 'mediawiki', 'repool'];

/** `mediawiki` is the instant at which read-only starts. */
export type EventMoments = { readonly [moment in EventMoment]: Instant };

/** The first instant at which something moves: services or traffic, whichever comes first. Pure. */
export function startOf(moments: EventMoments): Instant {
  return moments.services <= moments.traffic ? moments.services : moments.traffic;
}

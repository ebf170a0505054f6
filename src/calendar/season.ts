import type { DatacenterName } from '../domain/names.js';

/** The two switchovers of a year: `northward` in March, `southward` in September. Named for the equinox, not for a hemisphere. */
export type Season = 'northward' | 'southward';

/** In the order of a year. */
export const SEASONS: readonly Season[] = ['northward', 'southward'];

/** The two core datacenters by where they lie; the names come from configuration. */
export interface DatacenterPair {
  readonly northern: DatacenterName;
  readonly southern: DatacenterName;
}

export interface Direction {
  readonly from: DatacenterName;
  readonly to: DatacenterName;
}

/** The northward switchover ends with the northern datacenter as primary, the southward one with the southern. Pure. */
export function directionOf(season: Season, pair: DatacenterPair): Direction {
  return season === 'northward'
    ? { from: pair.southern, to: pair.northern }
    : { from: pair.northern, to: pair.southern };
}

import type { Json } from '../domain/json.js';
import type { DatacenterName } from '../domain/names.js';
import type { PrimaryName } from '../databases/databases.js';
import type { HostName } from '../hosts/hosts.js';
import { type KindName, type Tags, objectName } from '../state/store.js';

/**
 * What one task is going to change: one named thing, from one value to another. Part of the plan digest, and what is
 * laid over the world in a plan and a dry run; so names are canonical and values carry no instants or positions.
 */
export interface PlannedChange {
  readonly object: string;
  readonly from: Json;
  readonly to: Json;
  /** The hosts on which a command does it. */
  readonly hosts?: readonly HostName[];
}

/** `discovery/dnsdisc=mw-web-rw,name=eqiad#pooled` */
export const stateObject = (kind: KindName, tags: Tags, field: string): string =>
  `${objectName(kind, tags)}#${field}`;

/** `database/s4.eqiad#access` */
export const accessObject = (of: PrimaryName): string => `database/${of.section}.${of.datacenter}#access`;

/** `host/mwmaint1002.eqiad.wmnet#puppet` */
export const hostObject = (host: HostName, fact: string): string => `host/${host}#${fact}`;

/** `caches/codfw#warmth`: something of a datacenter as a whole. */
export const datacenterObject = (datacenter: DatacenterName, what: string): string =>
  `datacenter/${datacenter}#${what}`;

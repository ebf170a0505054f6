import type { Millis } from './instant.js';
import type { DatacenterName, SectionName } from './names.js';

/**
 * What is true of one installation and comes from its configuration: names, lifetimes and limits. Nothing else in the
 * code knows a datacenter, a section or a record by name.
 */
export interface Installation {
  /** Owner of locks together with the run; two installations on one store must differ. */
  readonly name: string;
  readonly datacenters: {
    /** Primary after a northward (March) switchover. */
    readonly northern: DatacenterName;
    /** Primary after a southward (September) switchover. */
    readonly southern: DatacenterName;
  };
  /** Core database sections, from least to most impactful. */
  readonly sections: readonly SectionName[];
  readonly wiki: {
    /** Discovery records that are pooled in the primary datacenter only. */
    readonly readWriteRecords: readonly string[];
    /** How long an app server may go on with the configuration it has read. */
    readonly configCacheLifetime: Millis;
    /** What editors are told; `--ro-reason` replaces it for one run. */
    readonly readOnlyReason: string;
    /** How long edits in flight are waited for. */
    readonly drain: Millis;
    /** How long no transaction may have been open before they are done: an edit has several, with gaps between them. */
    readonly drainAtLeast: Millis;
    /** What the read-only time is measured against. */
    readonly readOnlyBudget: Millis;
    /** App servers in each datacenter, or undefined where that is not known: every one must be seen. */
    readonly appServers: Readonly<Record<string, number>>;
  };
  readonly dns: {
    /** TTL of the discovery records in normal operation, in seconds. */
    readonly ttl: number;
    /** TTL during a switchover, in seconds. */
    readonly loweredTtl: number;
    /** Authoritative servers; every one must answer. */
    readonly servers: readonly string[];
  };
}

export function coreDatacenters(installation: Installation): readonly [DatacenterName, DatacenterName] {
  return [installation.datacenters.northern, installation.datacenters.southern];
}

export function otherDatacenter(installation: Installation, name: DatacenterName): DatacenterName {
  const { northern, southern } = installation.datacenters;
  return name === northern ? southern : northern;
}

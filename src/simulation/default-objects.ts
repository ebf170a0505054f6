import { type Installation, coreDatacenters } from '../domain/installation.js';
import type { DatacenterName } from '../domain/names.js';
import type { Fields, KindName, Tags } from '../state/store.js';

/**
 * The objects of the state store with which the practice installation begins: the wiki's read-write records pooled in
 * the primary alone, nothing read-only. Pure.
 */
export function defaultObjects(
  installation: Installation,
  primary: DatacenterName,
): { kind: KindName; tags: Tags; fields: Fields }[] {
  const datacenters = coreDatacenters(installation);
  const records = installation.wiki.readWriteRecords.flatMap((record) =>
    datacenters.map((name) => ({
      kind: 'discovery' as const,
      tags: { dnsdisc: record, name },
      fields: { pooled: name === primary, references: [], ttl: installation.dns.ttl },
    })),
  );
  const readOnly = datacenters.map((scope) => ({
    kind: 'mwconfig' as const,
    tags: { scope, name: 'ReadOnly' },
    fields: { val: false },
  }));
  const named = {
    kind: 'mwconfig' as const,
    tags: { scope: 'common', name: 'WMFMasterDatacenter' },
    fields: { val: primary },
  };
  return [...records, ...readOnly, named];
}

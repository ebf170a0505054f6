import type { Json } from '../../../src/domain/json.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { Setting } from '../setting.js';
import type { WantedField } from './field-picture.js';

/** One field of the wiki's read-write discovery records in some datacenters. Pure. */
export function recordFields(
  { installation }: Setting,
  dcs: readonly DatacenterName[],
  field: 'pooled' | 'ttl',
  wanted: Json,
): WantedField[] {
  return installation.wiki.readWriteRecords.flatMap((record) =>
    dcs.map((dc) => ({ kind: 'discovery' as const, tags: { dnsdisc: record, name: dc }, field, wanted })),
  );
}

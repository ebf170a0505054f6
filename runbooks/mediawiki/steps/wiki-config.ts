import type { Json } from '../../../src/domain/json.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { FieldPicture, WantedField } from './field-picture.js';
import type { Evidence } from '../../../src/runbook/finding.js';
import { objectName } from '../../../src/state/store.js';

/** The wiki's ReadOnly of some datacenters: the reason text, or false. Pure. */
export const readOnlyFields = (dcs: readonly DatacenterName[], wanted: string | false): WantedField[] =>
  dcs.map((dc) => ({ kind: 'mwconfig', tags: { scope: dc, name: 'ReadOnly' }, field: 'val', wanted }));

/** The primary datacenter that the wiki is told of. Pure. */
export const primaryField = (wanted: DatacenterName): WantedField => ({
  kind: 'mwconfig',
  tags: { scope: 'common', name: 'WMFMasterDatacenter' },
  field: 'val',
  wanted,
});

/** Values other than these, which somebody else must have written: they are not overwritten. Pure. */
export function writtenBySomebodyElse(pictures: readonly FieldPicture[], ours: readonly Json[]): Evidence[] {
  return pictures
    .filter(({ was }) => !ours.includes(was))
    .map(({ kind, tags, was }) => ({
      about: objectName(kind, tags),
      seen: JSON.stringify(was),
      expected: `${ours.map((one) => JSON.stringify(one)).join(' or ')}: somebody else has set it; find out who and why before it is changed`,
    }));
}

import type { DatacenterName } from '../../../src/domain/names.js';
import type { Evidence } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';
import { objectName } from '../../../src/state/store.js';
import type { Setting } from '../setting.js';
import { readFields } from './field-picture.js';
import { recordFields } from './record-fields.js';

/**
 * The read-write records that are not pooled in the datacenter that is to remain: depooling them in the other one would
 * leave them pooled nowhere. Empty when it is safe.
 */
export async function notPooledElsewhere(
  see: Readers,
  setting: Setting,
  remains: DatacenterName,
): Promise<Evidence[]> {
  const { pictures, missing } = await readFields(see.state, recordFields(setting, [remains], 'pooled', true));
  const depooled = pictures
    .filter(({ was }) => was !== true)
    .map(({ kind, tags }) => ({
      about: objectName(kind, tags),
      seen: 'not pooled',
      expected: `pooled in ${remains}: a record is never depooled in its last datacenter`,
    }));
  return [...missing, ...depooled];
}

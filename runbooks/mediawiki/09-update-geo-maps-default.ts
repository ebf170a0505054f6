import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function updateGeoMapsDefault({ params }: Setting): ManualTask {
  return {
    id: '09-update-geo-maps-default',
    title: 'Update the default of geo-maps',
    explain: {
      does: `Makes ${params.to} the default of geo-maps: the datacenter for clients of whom it is not known where they are.`,
      checkByHand: `In the DNS repository, the default of geo-maps names ${params.to} first, and every authoritative server runs that version.`,
      wentWrongBefore: 'Nothing is on record.',
    },
    assignedTo: role('traffic'),
    salText: `Phase 9 Update geo-maps default to ${params.to}`,
    inLiveTest: 'skip',
    inEmergency: 'skip',
    rollback: { ask: `Make ${params.from} the default of geo-maps again.` },
  };
}

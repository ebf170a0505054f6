import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';

export function endStatusPageMaintenance(): ManualTask {
  return {
    id: '08-end-status-page-maintenance',
    title: 'End the maintenance on the status page',
    explain: {
      does: 'Ends the scheduled maintenance on the public status page: people can edit again.',
      checkByHand:
        'Open the status page in a private window: the maintenance is over and all systems are shown as working.',
      wentWrongBefore:
        'Nothing is on record. The measured read-only time is in `status`; copy it from there.',
    },
    assignedTo: role('operator'),
    salText: 'Phase 8 End scheduled maintenance on the status page',
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { needless: 'people can edit' },
  };
}

import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function removeDowntimes({ params }: Setting): ManualTask {
  return {
    id: '09-remove-downtimes',
    title: 'Remove the downtimes of the read-only checks',
    after: [{ task: '09-run-puppet-on-primaries', once: 'verified' }],
    explain: {
      does: `Waits until the read-only checks of the database primaries in ${params.from} and ${params.to} have recovered, and removes their downtimes.`,
      checkByHand: 'The monitoring shows the read-only check of every primary green, and without a downtime.',
      wentWrongBefore:
        'Nothing is on record. A downtime that is removed before puppet has run alerts at once.',
    },
    assignedTo: role('dba'),
    salText: 'Phase 9 Remove downtimes of the read-only checks of database primaries',
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: { needless: 'the checks watch again' },
  };
}

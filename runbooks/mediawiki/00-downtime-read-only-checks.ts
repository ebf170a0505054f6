import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function downtimeReadOnlyChecks({ params }: Setting): ManualTask {
  return {
    id: '00-downtime-read-only-checks',
    title: 'Downtime the read-only checks of the database primaries',
    explain: {
      does: `Sets a downtime of 6 hours on the checks that watch whether a database primary is read-only, in ${params.from} and ${params.to}: they are about to be the other way round on purpose.`,
      checkByHand:
        'The monitoring shows the downtime on the read-only check of every primary of the core sections, in both datacenters; only on that check.',
      wentWrongBefore:
        'Nothing is on record. A downtime of whole hosts would also hide a server that dies during the switchover.',
    },
    assignedTo: role('dba'),
    salText: 'Phase 0 Downtime the read-only checks of database primaries for 6 hours',
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: { ask: 'Remove the downtimes of the read-only checks.' },
  };
}

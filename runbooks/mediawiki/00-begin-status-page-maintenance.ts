import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function beginStatusPageMaintenance({ params }: Setting): ManualTask {
  return {
    id: '00-begin-status-page-maintenance',
    title: 'Begin maintenance on the status page',
    explain: {
      does: 'Opens the scheduled maintenance on the public status page, so that a reader who cannot edit finds out why, and that it is planned.',
      checkByHand: `Open the status page in a private window. It shows the maintenance, with the times of the calendar and the move from ${params.from} to ${params.to}.`,
      wentWrongBefore:
        'Announcements typed by hand have named the wrong weekday and the wrong datacenter. Copy the times from `switchdc next`; do not type them.',
    },
    assignedTo: role('operator'),
    salText: 'Phase 0 Begin scheduled maintenance on the status page',
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: {
      ask: 'End the maintenance on the status page, and say there that the switchover did not take place.',
    },
  };
}

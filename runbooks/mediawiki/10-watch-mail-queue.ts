import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';

export function watchMailQueue(): ManualTask {
  return {
    id: '10-watch-mail-queue',
    title: 'Watch the mail queue',
    explain: {
      does: 'Watches the queue of outgoing mail for some minutes: it fluctuates, and does not grow. Mail is sent by jobs, so a queue that only grows tells that jobs or the mail servers were left behind.',
      checkByHand:
        'Look at the graph of the mail queue for ten minutes, or count it twice on the mail hosts (exim4 -bpc).',
      wentWrongBefore: 'Nothing is on record.',
    },
    assignedTo: role('service-operations'),
    salText: 'Phase 10 Watch the mail queue',
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { needless: 'it was only looked at' },
  };
}

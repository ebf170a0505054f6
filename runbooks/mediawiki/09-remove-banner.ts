import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';

export function removeBanner(): ManualTask {
  return {
    id: '09-remove-banner',
    title: 'Remove the banner',
    explain: {
      does: 'Ends the banner that announces the read-only time on all wikis.',
      checkByHand:
        'Open a few wikis, among them one written from right to left, in a private window: the banner is gone.',
      wentWrongBefore:
        'Nothing is on record. The banner is set for one hour and announces up to an hour, although two to three minutes are expected: it is removed as soon as editing works.',
    },
    assignedTo: role('community-relations'),
    salText: 'Phase 9 Remove the banner announcing read-only',
    inLiveTest: 'skip',
    inEmergency: 'skip',
    rollback: { needless: 'people can edit' },
  };
}

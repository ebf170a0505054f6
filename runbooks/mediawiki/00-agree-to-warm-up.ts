import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function agreeToWarmUp({ params }: Setting): ManualTask {
  return {
    id: '00-agree-to-warm-up',
    title: 'Agree to the warm-up of caches',
    explain: {
      does: 'Asks a person before the caches are warmed up, because the warm-up is a burst of requests: in a datacenter that serves readers already, they feel it, and it is hardly needed there.',
      checkByHand: `See whether the read-only records of the wiki are pooled there: confctl --object-type discovery select 'name=(${params.from}|${params.to})' get. If they are, look at the load first; confirm with \`done\`, or have 00-warm-up-caches skipped.`,
      wentWrongBefore: 'Nothing is on record.',
    },
    assignedTo: role('operator'),
    salText: 'Phase 0 Agree to the warm-up of caches',
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: { needless: 'it was only agreed' },
  };
}

import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function reorderDebugJson({ params }: Setting): ManualTask {
  return {
    id: '09-reorder-debug-json',
    title: 'Re-order the debug servers (debug.json)',
    explain: {
      does: `Lists the debug servers of ${params.to} first in debug.json, so that who tests a change does it in the primary datacenter.`,
      checkByHand: `Open the browser extension for debugging: the first server it offers is in ${params.to}.`,
      wentWrongBefore: 'Nothing is on record. It is a deployment, so deployments have to be unlocked first.',
    },
    assignedTo: role('release-engineering'),
    salText: `Phase 9 Re-order debug.json, ${params.to} first`,
    after: [{ task: '09-unlock-deployments', once: 'verified' }],
    inLiveTest: 'skip',
    inEmergency: 'skip',
    rollback: { ask: `List the debug servers of ${params.from} first again.` },
  };
}

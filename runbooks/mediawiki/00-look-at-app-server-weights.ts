import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function lookAtAppServerWeights({ installation, params }: Setting): ManualTask {
  const known = installation.wiki.appServers[params.to];
  return {
    id: '00-look-at-app-server-weights',
    title: `Look at the weights of the app servers in ${params.to}`,
    explain: {
      does: `Compares the app servers of ${params.to} that are pooled, and their weights, with those of ${params.from}: ${params.to} is about to carry all the writing, and for seven days all the traffic.`,
      checkByHand: `Compare both datacenters in the load balancer's configuration${known === undefined ? '' : `; this installation counts ${known} app servers in ${params.to}`}. A server depooled or given a small weight for a repair has to be back, or missed on purpose.`,
      wentWrongBefore: 'Nothing is on record.',
    },
    assignedTo: role('service-operations'),
    salText: `Phase 0 Look at app server weights in ${params.to}`,
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: { needless: 'it was only looked at' },
  };
}

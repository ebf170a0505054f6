import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function updateMaintenanceHostDns({ installation, params }: Setting): ManualTask {
  return {
    id: '09-update-maintenance-host-dns',
    title: 'Update the DNS of the maintenance host',
    explain: {
      does: `Points the DNS alias of the maintenance host to the one in ${params.to}: people start scripts there, and they belong where the databases are writable.`,
      checkByHand: `dig +short ALIAS names the maintenance host in ${params.to}, on every authoritative server (${installation.dns.servers.join(', ')}).`,
      wentWrongBefore: 'Nothing is on record.',
    },
    assignedTo: role('service-operations'),
    salText: `Phase 9 Update DNS of the maintenance host to ${params.to}`,
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { ask: `Point the DNS alias of the maintenance host to ${params.from} again.` },
  };
}

import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function updateDatabaseDns({ installation, params }: Setting): ManualTask {
  return {
    id: '09-update-database-dns',
    title: 'Update the DNS of the database primaries',
    explain: {
      does: `Points the DNS aliases of the core sections' primaries (${installation.sections.join(' ')}) to those in ${params.to}. People and scripts use them; the wikis do not.`,
      checkByHand: `dig +short ALIAS for each section names the primary in ${params.to}, on every authoritative server (${installation.dns.servers.join(', ')}).`,
      wentWrongBefore:
        'Nothing is on record. Until it is done, whoever uses an alias reaches a primary that is read-only.',
    },
    assignedTo: role('dba'),
    salText: 'Phase 9.5 Update DNS records for new database masters',
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { ask: `Point the DNS aliases of the database primaries to ${params.from} again.` },
  };
}

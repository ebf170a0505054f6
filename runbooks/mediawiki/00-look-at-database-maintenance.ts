import { role } from '../../src/domain/names.js';
import type { ManualTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';

export function lookAtDatabaseMaintenance({ installation, params }: Setting): ManualTask {
  return {
    id: '00-look-at-database-maintenance',
    title: 'Look for database maintenance that runs for long',
    explain: {
      does: 'Looks for schema changes, copies and other long statements on the core sections, and stops them or waits for them.',
      checkByHand: `On the primaries of ${installation.sections.join(' ')} in ${params.from} and ${params.to}: mysql -e 'SHOW PROCESSLIST', and look for what has been running for minutes; ask in the DBAs' channel.`,
      wentWrongBefore:
        'SET GLOBAL read_only=1 waits for every statement that is running; when it gives up, the database is still writable (seen: 2.8 s behind one statement). That wait would be read-only time.',
    },
    assignedTo: role('dba'),
    salText: 'Phase 0 Look for long running database maintenance',
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: {
      ask: 'Tell those whose database maintenance was stopped for the switchover that they may go on.',
    },
  };
}

import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '09-remove-stale-confd-errors';

export function removeStaleConfdErrors(setting: Setting): Task {
  const { operations } = setting;
  const operation = operations['remove-stale-confd-errors'];
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: ID,
    title: 'Remove stale confd error files on the DNS hosts',
    ...onHosts({
      explain: {
        does: 'Removes the error files that confd left on the DNS hosts while records changed; they alert although nothing is wrong any more. Best effort: a host where it fails is only told.',
        checkByHand: probeByHand(setting, operation, datacenters),
        wentWrongBefore:
          'Nothing is on record. A file that comes back is not stale: confd refuses a value, see its log on that host.',
      },
      patience: calm(),
      setting,
      operation,
      datacenters,
      success: 'best-effort',
      oncePerRun: ID,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'the files said nothing that is still true' },
  });
}

import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { changedHosts } from './steps/host-facts.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

export function unlockDeployments(setting: Setting): Task {
  const { operations } = setting;
  const unlock = operations['unlock-deployments'];
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: '09-unlock-deployments',
    title: 'Unlock deployments',
    ...onHosts({
      explain: {
        does: 'Removes the lock that 00-lock-deployments set: deployers may go on.',
        checkByHand: probeByHand(setting, unlock, datacenters),
        wentWrongBefore:
          'Nothing is on record. A lock that was there before this run belongs to somebody else and stays.',
      },
      patience: calm(),
      setting,
      operation: unlock,
      datacenters,
      success: 'every-host',
      limitedTo: (see) => changedHosts(see, '00-lock-deployments'),
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'unlocked is how it was before the run' },
  });
}

import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { changedHosts } from './steps/host-facts.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

export function enablePuppet(setting: Setting): Task {
  const { operations } = setting;
  const enable = operations['enable-puppet'];
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: '08-enable-puppet',
    title: 'Enable puppet on the maintenance hosts of both datacenters',
    ...onHosts({
      explain: {
        does: 'Enables puppet on the maintenance hosts where 00-disable-puppet disabled it.',
        checkByHand: probeByHand(setting, enable, datacenters),
        wentWrongBefore:
          'Nothing is on record. On a host where somebody had disabled puppet before this run it stays disabled: ask them, for the maintenance jobs do not start there until it is enabled.',
      },
      patience: calm(),
      setting,
      operation: enable,
      datacenters,
      success: 'every-host',
      limitedTo: (see) => changedHosts(see, '00-disable-puppet'),
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'enabled puppet is how it was before the run' },
  });
}

import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters, switchoverReason } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { changedHosts } from './steps/host-facts.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '00-lock-deployments';

export function lockDeployments(setting: Setting): Task {
  const { operations } = setting;
  const { 'lock-deployments': lock, 'unlock-deployments': unlock } = operations;
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: ID,
    title: 'Lock deployments',
    ...onHosts({
      explain: {
        does: `Locks every deployment with the text "${switchoverReason(setting)}": code that changes while the site moves would hide what the move itself does.`,
        checkByHand: `${probeByHand(setting, lock, datacenters)} A deployer who tries all the same is shown the text of the lock.`,
        wentWrongBefore:
          'Nothing is on record. Where deployments are locked already, somebody else did that: the lock is left to them, now and at the end.',
      },
      patience: calm(),
      setting,
      operation: lock,
      datacenters,
      success: 'every-host',
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: onHosts({
      explain: {
        does: 'Unlocks deployments where this run locked them.',
        checkByHand: probeByHand(setting, unlock, datacenters),
        wentWrongBefore: 'Nothing is on record. A lock that was there before this run is left alone.',
      },
      patience: calm(),
      setting,
      operation: unlock,
      datacenters,
      success: 'every-host',
      limitedTo: (see) => changedHosts(see, ID),
    }),
  });
}

import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters, switchoverReason } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { changedHosts } from './steps/host-facts.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '00-disable-puppet';

export function disablePuppet(setting: Setting): Task {
  const { 'disable-puppet': disable, 'enable-puppet': enable } = setting.operations;
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: ID,
    title: 'Disable puppet on the maintenance hosts of both datacenters',
    ...onHosts({
      explain: {
        does: `Disables puppet on the maintenance hosts with the text "${switchoverReason(setting)}". A puppet run starts the maintenance jobs of the primary datacenter again, which phase 1 is about to stop.`,
        checkByHand: probeByHand(setting, disable, datacenters),
        wentWrongBefore:
          'Nothing is on record. Where puppet is disabled already, somebody else did that for a reason of their own: it is not enabled for them at the end.',
      },
      patience: calm(),
      setting,
      operation: disable,
      datacenters,
      success: 'every-host',
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: onHosts({
      explain: {
        does: 'Enables puppet on the maintenance hosts where this run disabled it.',
        checkByHand: probeByHand(setting, enable, datacenters),
        wentWrongBefore:
          'Nothing is on record. Hosts on which puppet was disabled before this run are left alone.',
      },
      patience: calm(),
      setting,
      operation: enable,
      datacenters,
      success: 'every-host',
      limitedTo: (see) => changedHosts(see, ID),
    }),
  });
}

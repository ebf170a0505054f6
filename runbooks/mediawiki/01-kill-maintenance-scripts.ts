import { MINUTE } from '../../src/domain/instant.js';
import type { DatacenterName } from '../../src/domain/names.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { allSay } from './steps/all-say.js';
import type { HostPicture } from './steps/host-facts.js';
import { type OnHostsDone, onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '01-kill-maintenance-scripts';

const rollback: Undo = {
  impossible:
    'a script that was killed cannot be continued: its owner starts it again; periodic ones begin anew at their next time',
};

export function killMaintenanceScripts(setting: Setting): Task {
  return defineTask({
    id: ID,
    title: 'Kill maintenance scripts that still run',
    after: [{ task: '01-stop-periodic-jobs', once: 'verified' }],
    ...killScripts(setting, bothDatacenters(setting)),
    // `to` is the primary in a live test: its scripts are at work and stay so.
    inLiveTest: { ...killScripts(setting, [setting.params.from]), rollback },
    inEmergency: 'same',
    rollback,
  });
}

function killScripts(
  setting: Setting,
  datacenters: readonly DatacenterName[],
): Step<readonly HostPicture[], OnHostsDone> {
  const { operations } = setting;
  const operation = operations['kill-maintenance-scripts'];
  const timers = operations['stop-periodic-jobs'];
  return onHosts({
    explain: {
      does: `Kills what is still running on the maintenance hosts of ${datacenters.join(' and ')} after the timers were stopped, and looks that nothing is left and nothing has come back.`,
      checkByHand: probeByHand(setting, operation, datacenters),
      wentWrongBefore:
        'The command that kills answers 1 when there was nothing to kill: that is a success, and is configured as one.',
    },
    patience: calm(2 * MINUTE),
    setting,
    operation,
    datacenters,
    success: 'every-host',
    oncePerRun: ID,
    observe: (see) => allSay(see, setting, timers, datacenters),
  });
}

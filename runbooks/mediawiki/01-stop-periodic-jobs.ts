import type { DatacenterName } from '../../src/domain/names.js';
import { MINUTE } from '../../src/domain/instant.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { changedHosts } from './steps/host-facts.js';
import { type OnHostsDone, onHosts } from './steps/on-hosts.js';
import type { HostPicture } from './steps/host-facts.js';
import { calm } from './steps/patience.js';

const ID = '01-stop-periodic-jobs';

export function stopPeriodicJobs(setting: Setting): Task {
  return defineTask({
    id: ID,
    title: 'Stop the periodic maintenance jobs',
    ...stopJobs(setting, bothDatacenters(setting)),
    // `to` is the primary in a live test: its jobs are at work and stay so.
    inLiveTest: {
      ...stopJobs(setting, [setting.params.from]),
      rollback: startAgain(setting, [setting.params.from]),
    },
    inEmergency: 'same',
    rollback: startAgain(setting, bothDatacenters(setting)),
  });
}

function stopJobs(
  setting: Setting,
  datacenters: readonly DatacenterName[],
): Step<readonly HostPicture[], OnHostsDone> {
  const { operations, params } = setting;
  const operation = operations['stop-periodic-jobs'];
  return onHosts({
    explain: {
      does: `Stops the timers of the periodic jobs on the maintenance hosts of ${datacenters.join(' and ')}, so that none begins to write while the primary moves. They begin in ${params.to} in phase 8.`,
      checkByHand: probeByHand(setting, operation, datacenters),
      wentWrongBefore:
        'Puppet starts them again: it has to be disabled first (00-disable-puppet). Long scripts stop with the jobs; their owners are told beforehand, in the announcement to engineers.',
    },
    patience: calm(2 * MINUTE),
    setting,
    operation,
    datacenters,
    success: 'every-host',
  });
}

function startAgain(setting: Setting, datacenters: readonly DatacenterName[]): Undo {
  const { operations } = setting;
  const operation = operations['start-periodic-jobs'];
  return onHosts({
    explain: {
      does: 'Starts the periodic jobs on those hosts on which this run stopped them.',
      checkByHand: probeByHand(setting, operation, datacenters),
      wentWrongBefore:
        'Nothing is on record. Hosts whose jobs did not run before are left alone: jobs run in the primary only.',
    },
    patience: calm(2 * MINUTE),
    setting,
    operation,
    datacenters,
    success: 'every-host',
    limitedTo: (see) => changedHosts(see, ID),
  });
}

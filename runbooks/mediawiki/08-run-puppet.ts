import { MINUTE } from '../../src/domain/instant.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { allSay } from './steps/all-say.js';
import { probeByHand } from './steps/by-hand.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '08-run-puppet';

export function runPuppet(setting: Setting): Task {
  const { operations, params } = setting;
  const { 'run-puppet': run, 'start-periodic-jobs': jobs } = operations;
  const { to } = params;
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: ID,
    title: `Run puppet on the maintenance hosts, which starts the maintenance jobs in ${to}`,
    after: [{ task: '08-enable-puppet', once: 'verified' }],
    ...onHosts({
      explain: {
        does: `Runs puppet once on the maintenance hosts. It knows the primary datacenter, and starts the periodic maintenance jobs in ${to}.`,
        checkByHand: `${probeByHand(setting, run, datacenters)} And for the jobs: ${probeByHand(setting, jobs, [to])}`,
        wentWrongBefore:
          'Nothing is on record. A puppet run takes minutes, and says at its end what it has changed.',
      },
      patience: calm(15 * MINUTE),
      setting,
      operation: run,
      datacenters,
      success: 'every-host',
      oncePerRun: ID,
      observe: (see) => allSay(see, setting, jobs, [to]),
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'puppet runs by itself anyway' },
  });
}

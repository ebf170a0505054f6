import { MINUTE } from '../../src/domain/instant.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '08-restart-job-runners';

export function restartJobRunners(setting: Setting): Task {
  const { operations, params } = setting;
  const operation = operations['restart-job-runners'];
  const { from, to } = params;
  return defineTask({
    id: ID,
    title: `Restart the job runners of ${from}`,
    after: [{ task: '08-wipe-recursor-caches', once: 'verified' }],
    ...onHosts({
      explain: {
        does: `Restarts the proxies of the job runners in ${from}, so that change propagation resolves their name anew and connects to ${to}. It does not do that by itself, because its connections are still good.`,
        checkByHand: probeByHand(setting, operation, [from]),
        wentWrongBefore:
          'Until then jobs that write arrive in the old datacenter and fail there: a steady rate of errors is expected, and ends with this. If it does not end, look which datacenter the failing jobs run in.',
      },
      patience: calm(5 * MINUTE),
      setting,
      operation,
      datacenters: [from],
      success: 'every-host',
      oncePerRun: ID,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'restarted job runners connect to whichever datacenter the name leads to' },
  });
}

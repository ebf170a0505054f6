import { HOUR, formatLength } from '../../src/domain/instant.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '09-run-puppet-on-primaries';

export function runPuppetOnPrimaries(setting: Setting): Task {
  const { operations, params } = setting;
  const operation = operations['run-puppet-on-primaries'];
  const { batch } = operation.run;
  const datacenters = bothDatacenters(setting);
  const pace =
    batch === undefined ? 'all at once' : `${batch.size} at a time, ${formatLength(batch.pause)} between`;
  return defineTask({
    id: ID,
    title: 'Run puppet on the database primaries of both datacenters',
    ...onHosts({
      explain: {
        does: `Runs puppet on the database primaries of both datacenters (${pace}), so that their checks expect what is now true: writable in ${params.to}, read-only in ${params.from}. Then the downtimes can be removed.`,
        checkByHand: probeByHand(setting, operation, datacenters),
        wentWrongBefore: 'Nothing is on record.',
      },
      patience: calm(HOUR),
      setting,
      operation,
      datacenters,
      success: 'every-host',
      oncePerRun: ID,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'puppet runs by itself anyway' },
  });
}

import type { DatacenterName } from '../../src/domain/names.js';
import { MINUTE, SECOND } from '../../src/domain/instant.js';
import { holds } from '../../src/runbook/finding.js';
import { type Step, type StepBack, type Task, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { readFacts, targetsOf } from './steps/host-facts.js';
import { observation } from './steps/observation.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

/**
 * Only looks; what matters is its way back. While 04 has the job runners of `to` pooled, change propagation connects to
 * them by itself and stays connected when they are depooled again: no apply of any task stands for that. It is in phase
 * 0, so that a run that is taken back ends read-only first: a job runner that does not answer keeps nobody from editing.
 */
export function checkJobRunners(setting: Setting): Task {
  const { from, to } = setting.params;
  return defineTask({
    id: '00-check-job-runners',
    title: 'Look at the job runners that are not in use',
    ...lookAtThoseOf(setting, to),
    // `to` is the primary in a live test: its job runners are in use.
    inLiveTest: {
      ...lookAtThoseOf(setting, from),
      rollback: { needless: 'a live test moves no record, so every connection stays where it is' },
    },
    inEmergency: 'same',
    rollback: restartThoseOfTo(setting),
  });
}

function lookAtThoseOf(setting: Setting, passive: DatacenterName): Step<null, null> {
  const operation = setting.operations['restart-job-runners'];
  const targets = targetsOf(setting, operation, [passive]);
  return observation({
    explain: {
      does: `Looks whether the job runners of ${passive} answer, and whether anything is still connected to them although their datacenter is not in use.`,
      checkByHand: probeByHand(setting, operation, [passive]),
      wentWrongBefore:
        'Nothing is on record. What is amiss is a warning and stops nothing: only taking a run back needs these hosts to answer.',
    },
    patience: calm(30 * SECOND),
    async look(see) {
      const { wanted } = operation;
      const { facts, silent } = await readFacts(see, targets, wanted);
      const different = facts.filter(({ fact }) => fact !== wanted);
      const amiss = [
        ...different.map(({ host, fact }) => ({ about: host, seen: fact, expected: wanted })),
        ...silent.map(({ evidence }) => evidence),
      ];
      return holds([
        { about: `${facts.length - different.length} hosts`, seen: wanted },
        ...amiss.map((one) => ({ ...one, warning: true })),
      ]);
    },
  });
}

/** The mirror image of 08: those of the datacenter that the records have just left. */
function restartThoseOfTo(setting: Setting): StepBack {
  const { operations, params } = setting;
  const { from, to } = params;
  const operation = operations['restart-job-runners'];
  return {
    owedOnce: 'reached',
    ...onHosts({
      explain: {
        does: `Restarts the proxies of those job runners in ${to} that something connected to while this run had ${to} pooled, so that change propagation resolves their name anew and connects to ${from} again. Where this run did not come that far there is nothing to restart.`,
        checkByHand: probeByHand(setting, operation, [to]),
        wentWrongBefore: `Until then jobs that write arrive in ${to} and fail there, as they do in ${from} before 08 of a switchover that is not taken back.`,
      },
      patience: calm(5 * MINUTE),
      setting,
      operation,
      datacenters: [to],
      success: 'every-host',
    }),
  };
}

import { type Millis, MINUTE, formatLength } from '../../src/domain/instant.js';
import type { DatacenterName } from '../../src/domain/names.js';
import { blocked, holds } from '../../src/runbook/finding.js';
import { datacenterObject } from '../../src/runbook/planned-change.js';
import { type Step, type Task, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { outcomeText, targetsOf } from './steps/host-facts.js';
import { calm } from './steps/patience.js';

/** One round of the warm-up. */
export type WarmUpRound = {
  readonly length: Millis;
  readonly failed: readonly { readonly host: string; readonly because: string }[];
};

const AT_LEAST = 6;
/** A site whose rounds still become faster after so many has another trouble than cold caches. */
const AT_MOST = 20;
const IMPROVEMENT = 0.05;

/** At least six rounds, and then as long as a round is more than 5 % shorter than the one before. Pure. */
export function warmUpGoesOn(rounds: readonly WarmUpRound[]): boolean {
  if (rounds.length < AT_LEAST) return true;
  if (rounds.length >= AT_MOST) return false;
  const last = rounds.at(-1)?.length ?? 0;
  const before = rounds.at(-2)?.length ?? 0;
  return last < before * (1 - IMPROVEMENT);
}

export function warmUpCaches(setting: Setting): Task {
  const { from, to } = setting.params;
  return defineTask({
    id: '00-warm-up-caches',
    title: `Warm up the caches of ${to}`,
    after: [{ task: '00-agree-to-warm-up', once: 'verified' }],
    ...warmUp(setting, to),
    // The other way round from a live run: here `to` carries the traffic, and a burst of requests is kept away from it.
    inLiveTest: { ...warmUp(setting, from), rollback: { needless: 'warm caches harm nobody' } },
    inEmergency: 'skip',
    rollback: { needless: 'warm caches harm nobody' },
  });
}

function warmUp(setting: Setting, dc: DatacenterName): Step<null, WarmUpRound> {
  const operation = setting.operations['warm-up-caches'];
  const targets = targetsOf(setting, operation, [dc]);
  return {
    explain: {
      does: `Requests common pages of all wikis in ${dc}, round after round, until a round is no more than 5 % faster than the one before; at least ${AT_LEAST} rounds.`,
      checkByHand: `Look at the durations of the rounds: they fall and then stay. By hand a round is ${targets.map(({ query, run }) => `${run.argv.join(' ')} on ${query}`).join(', ')}.`,
      wentWrongBefore: 'Nothing is on record.',
    },
    patience: calm(10 * MINUTE),
    again: 'safe',
    check: (see) =>
      Promise.resolve({
        finding: holds(),
        before: null,
        // How warm caches are cannot be read; that this run warms them is the change.
        changes: [
          {
            object: datacenterObject(dc, 'caches'),
            from: 'as they are',
            to: 'warmed up',
            hosts: targets.flatMap(({ query }) => see.hosts.find(query)),
          },
        ],
      }),
    async apply(act) {
      const began = act.now();
      const results = (await Promise.all(targets.map(({ query, run }) => act.hosts.run(query, run)))).flat();
      const failed = results
        .filter(({ outcome }) => outcome.kind !== 'exited' || !outcome.ok)
        .map(({ host, outcome }) => ({ host, because: outcomeText(outcome) }));
      return { length: act.now() - began, failed };
    },
    verify(_see, { done }) {
      const about = `warm-up of ${dc}`;
      if (done === undefined)
        return Promise.resolve(blocked([{ about, seen: 'how the last round ended is not known' }]));
      if (done.failed.length > 0)
        return Promise.resolve(
          blocked(done.failed.map(({ host, because }) => ({ about: host, seen: because }))),
        );
      return Promise.resolve(holds([{ about, seen: `the last round took ${formatLength(done.length)}` }]));
    },
    more: warmUpGoesOn,
  };
}

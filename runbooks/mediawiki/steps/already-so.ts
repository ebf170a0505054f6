import type { Json } from '../../../src/domain/json.js';
import { blocked } from '../../../src/runbook/finding.js';
import type { Step, Undo } from '../../../src/runbook/task.js';
import { nothingToApply } from './observation.js';

/**
 * The live-test answer of a task whose effect is there already, because the datacenter that takes over is the primary:
 * the same check and the same proof on the real world, but nothing that it could write. Where the world is different
 * it is blocked, instead of making the primary what a rehearsal would have it be. Pure.
 */
export function alreadySo<B extends Json, D extends Json>(
  step: Step<B, D>,
): Step<B, D> & { readonly rollback: Undo } {
  return {
    explain: {
      ...step.explain,
      does: `In a live test this is so already and nothing is written; it is looked at all the same. In a live run: ${step.explain.does}`,
    },
    patience: step.patience,
    again: 'safe',
    async check(see) {
      const { finding, before, changes } = await step.check(see);
      if (finding.kind !== 'holds' || changes.length === 0) return { finding, before, changes: [] };
      const differs = changes.map(({ object, from, to }) => ({
        about: object,
        seen: JSON.stringify(from),
        expected: `${JSON.stringify(to)}: a live test does not change it; find out why it is not so`,
      }));
      return { finding: blocked(differs), before, changes: [] };
    },
    apply: nothingToApply,
    verify: (see, facts) => step.verify(see, facts),
    rollback: { needless: 'a live test only looks at this' },
  };
}

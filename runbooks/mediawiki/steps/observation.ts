import { ImpossibleState } from '../../../src/domain/errors.js';
import type { Finding } from '../../../src/runbook/finding.js';
import type { Explanation, Patience, Step } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';

export interface Observation {
  readonly explain: Explanation;
  readonly patience: Patience;
  readonly look: (see: Readers) => Promise<Finding>;
}

/** A step that only looks: there is nothing to apply, and its proof is the same look once more. */
export function observation({ explain, patience, look }: Observation): Step<null, null> {
  return {
    explain,
    patience,
    again: 'safe',
    check: async (see) => ({ finding: await look(see), before: null, changes: [] }),
    apply: nothingToApply,
    verify: (see) => look(see),
  };
}

/** The apply of a step that never lists a change. */
export function nothingToApply(): Promise<never> {
  return Promise.reject(new ImpossibleState('a step that changes nothing was applied'));
}

import { SwitchdcError, explainError } from '../domain/errors.js';
import type { Finding } from '../runbook/finding.js';
import type { Readers, Writers } from '../runbook/world.js';
import type { Outcome } from './entry.js';
import type { Performer, StepAt } from './performer.js';

export interface World {
  readers(at: StepAt): Readers;
  /** Throws where the run's locks do not allow to write. */
  writers(at: StepAt): Writers;
}

/** Performs steps on the world itself: the performer of live runs and live tests. */
export function worldPerformer(world: World): Performer {
  return {
    async check(step, at) {
      try {
        const { finding, before, changes } = await step.check(world.readers(at));
        return observedOnly(finding) ?? { kind: 'checked', finding, before, changes };
      } catch (error) {
        return readFailed(error);
      }
    },
    async apply(step, at, before) {
      try {
        return { kind: 'done', done: await step.apply(world.writers(at), before) };
      } catch (error) {
        return applyFailed(error);
      }
    },
    async verify(verify, at, facts) {
      try {
        const finding = await verify(world.readers(at), facts);
        return observedOnly(finding) ?? { kind: 'found', finding };
      } catch (error) {
        return readFailed(error);
      }
    },
  };
}

/** PASS means observed: what is only assumed may not count where something is really done. */
function observedOnly(finding: Finding): Outcome | undefined {
  if (finding.kind !== 'assumed') return undefined;
  return {
    kind: 'failed',
    because: 'it was assumed and not observed; this is a mistake in the task',
    retry: 'never',
  };
}

/** A read has no effect: unless trying again is pointless, it is tried again as long as the task's patience lasts. */
function readFailed(error: unknown): Outcome {
  const retry = error instanceof SwitchdcError && error.retry === 'never' ? 'never' : 'safe';
  return { kind: 'failed', because: explainError(error), retry };
}

/** Only an error that is certain that nothing happened counts as failed; everything else is not known. */
function applyFailed(error: unknown): Outcome {
  if (error instanceof SwitchdcError && error.retry !== 'after-check')
    return { kind: 'failed', because: explainError(error), retry: error.retry };
  return { kind: 'unknown', because: explainError(error) };
}

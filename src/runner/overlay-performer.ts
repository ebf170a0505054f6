import { explainError } from '../domain/errors.js';
import type { Finding } from '../runbook/finding.js';
import { Overlay, overlayReaders } from '../runbook/overlay.js';
import type { Facts } from '../runbook/task.js';
import type { Readers } from '../runbook/world.js';
import type { Json } from '../domain/json.js';
import type { Outcome } from './entry.js';
import type { Performer, StepAt } from './performer.js';
import { type RunState, taskState } from './run-state.js';

/**
 * Performs steps over an overlay: every read and check really runs, nothing is written anywhere. Has no writers to
 * give, so no task can write by it. `laid` is what a run that goes on after a restart has laid over already.
 */
export function overlayPerformer(readers: (at: StepAt) => Readers, laid: RunState | undefined): Performer {
  const overlay = new Overlay();
  for (const id of laid?.appliedOrder ?? []) {
    const { before, changes } = taskState(laid as RunState, id).forward;
    overlay.lay(id, before ?? null, changes);
  }
  return {
    async check(step, at) {
      const over = overlayReaders(readers(at), overlay);
      try {
        const { finding, before, changes } = await step.check(over.readers);
        const { judged, wouldStop } = judge(finding, over.touched() || isOnlyWaitedFor(finding));
        overlay.lay(at.task, before, []);
        return { kind: 'checked', finding: judged, before, changes, ...(wouldStop ? { wouldStop } : {}) };
      } catch (error) {
        return { kind: 'checked', finding: wouldFail(error), before: null, changes: [], wouldStop: true };
      }
    },
    apply(_step, at, before, changes): Promise<Outcome> {
      overlay.lay(at.task, before, changes);
      return Promise.resolve({ kind: 'laid' });
    },
    async verify(verify, at, facts) {
      const over = overlayReaders(readers(at), overlay);
      try {
        let asksWhatWasDone = false;
        const laidFacts: Facts<Json, Json> = {
          ...facts,
          // Nothing was done, so nothing was returned: whoever asks for it depends on a change that was not made.
          get done() {
            asksWhatWasDone = true;
            return undefined;
          },
        };
        const finding = await verify(over.readers, laidFacts);
        const assumed = over.touched() || asksWhatWasDone || finding.kind === 'not-yet';
        const { judged, wouldStop } = judge(finding, assumed);
        return { kind: 'found', finding: judged, ...(wouldStop ? { wouldStop } : {}) };
      } catch (error) {
        return { kind: 'found', finding: wouldFail(error), wouldStop: true };
      }
    },
  };
}

/** What depends on a change that was not made, and what would only be waited for, is assumed; a firm no would stop a run. */
function judge(finding: Finding, assumed: boolean): { judged: Finding; wouldStop: boolean } {
  if (finding.kind === 'holds' || finding.kind === 'assumed') return { judged: finding, wouldStop: false };
  return { judged: { kind: 'assumed', evidence: finding.evidence }, wouldStop: !assumed };
}

/** Before anything is done only a known time is waited for; a host that does not answer now stops a run. */
const isOnlyWaitedFor = (finding: Finding): boolean =>
  finding.kind === 'not-yet' && finding.until !== undefined;

function wouldFail(error: unknown): Finding {
  return { kind: 'assumed', evidence: [{ about: 'the step', seen: explainError(error) }] };
}

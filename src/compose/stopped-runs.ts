import type { Clock } from '../domain/clock.js';
import type { RunId } from '../runner/journal.js';
import type { Wait } from '../runner/waits.js';
import type { JournalWatch } from './watched-journal.js';

/** Which runs cannot go on because the journal takes nothing: no journal can say so, and whoever asks must hear it. */
export interface StoppedRuns extends JournalWatch {
  waitOf(run: RunId): Wait | undefined;
}

/** @param told Is told as well. */
export function stoppedRuns(clock: Clock, told: JournalWatch | undefined): StoppedRuns {
  const waits = new Map<RunId, Wait>();
  return {
    stopped(run, error) {
      const what = `${error.message}: nothing of the run begins until it can be, and then it goes on by itself`;
      waits.set(run, { kind: 'journal', what, since: clock.now(), answers: [] });
      told?.stopped(run, error);
    },
    goesOn(run) {
      waits.delete(run);
      told?.goesOn(run);
    },
    waitOf: (run) => waits.get(run),
  };
}

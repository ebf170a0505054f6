import { JournalUnwritable } from '../runner/errors.js';
import type { Journal, RunId } from '../runner/journal.js';

/** Told when a run cannot go on because its entries are not taken, and when they are again: once each. */
export interface JournalWatch {
  stopped(run: RunId, error: JournalUnwritable): void;
  goesOn(run: RunId): void;
}

/**
 * The journal itself, and somebody who watches it. Of a disk that is full nothing can be journaled, so no follower of
 * the journal could tell it; and the runner tries again every second, which is no rhythm to tell people in.
 */
export function watchedJournal(journal: Journal, watch: JournalWatch): Journal {
  const stopped = new Set<RunId>();
  return {
    ...journal,
    async append(run, seq, entry, at) {
      const recorded = await journal.append(run, seq, entry, at).catch((error: unknown) => {
        if (error instanceof JournalUnwritable && !stopped.has(run)) {
          stopped.add(run);
          watch.stopped(run, error);
        }
        throw error;
      });
      if (stopped.delete(run)) watch.goesOn(run);
      return recorded;
    },
  };
}

import type { Json } from '../domain/json.js';
import { type Scrub, scrubJson } from '../domain/scrub.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';

/**
 * A journal that no known secret gets into: what is recorded is told to channels and logs, and kept for ever. Its
 * readers get what was written.
 */
export function scrubbedJournal(journal: Journal, scrub: Scrub): Journal {
  const clean = <E extends Entry>(entry: E): E => scrubJson(entry as unknown as Json, scrub) as unknown as E;
  return {
    read: (run) => journal.read(run),
    follow: (cursor, signal) => journal.follow(cursor, signal),
    after: (cursor, most) => journal.after(cursor, most),
    // As it was written.
    saidWith: (message) => journal.saidWith(scrub(message)),
    unfinished: () => journal.unfinished(),
    runs: (most) => journal.runs(most),
    latest: () => journal.latest(),
    begin: (entry, at) => journal.begin(clean(entry), at),
    append: (run, seq, entry, at) => journal.append(run, seq, clean(entry), at),
  };
}

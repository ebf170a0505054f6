import type { Entry, Said } from './entry.js';
import type { JournalReader, Recorded } from './journal.js';

/** Whose word an entry is; undefined for one that nobody said. Pure. */
export function saidIn(entry: Entry): Said | undefined {
  if ('by' in entry) return entry.by;
  return entry.kind === 'gate-opened' && entry.for.kind === 'skip' ? entry.for.by : undefined;
}

/**
 * What this very message has done already; undefined where that is nothing. An id alone proves nothing: whoever could
 * make one up would reach their own words only. Reads.
 */
export async function doneWith(
  { message, identity }: Said,
  journal: Pick<JournalReader, 'saidWith'>,
): Promise<Recorded | undefined> {
  if (message === undefined) return undefined;
  return (await journal.saidWith(message)).find(({ entry }) => saidIn(entry)?.identity === identity);
}

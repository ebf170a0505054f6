import { type Clock, sleep } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import { matches } from '../selector.js';
import type { KindName, Selector, StoredObject } from '../store.js';
import type { RecordedChange, StateChanges } from './state-changes.js';

/** How often the file is looked at for what another process has written. */
const LOOK_EVERY: Millis = 1_000;

export interface Watched {
  readonly changes: StateChanges;
  /** Called after each write of this process. */
  readonly listeners: Set<() => void>;
  readonly clock: Clock;
}

/** The objects as they are, then each change of them in order, until the signal; then the iteration ends. */
export async function* watchChanges(
  watched: Watched,
  kind: KindName,
  where: Selector,
  signal: AbortSignal,
): AsyncGenerator<StoredObject> {
  let seen = 0;
  let first = true;
  while (!signal.aborted) {
    const found = watched.changes.after(seen);
    if (found.length === 0) {
      await nextChange(watched, signal);
      continue;
    }
    seen = found.at(-1)?.revision ?? seen;
    const wanted = found.filter((change) => change.kind === kind && matches(where, change.tags));
    for (const change of first ? newestOfEach(wanted) : wanted)
      yield { kind: change.kind, tags: change.tags, fields: change.fields, revision: change.revision };
    first = false;
  }
}

/** The current value of each object is its newest change; history is not told again. */
function newestOfEach(changes: readonly RecordedChange[]): RecordedChange[] {
  const newest = new Map(changes.map((change) => [JSON.stringify(change.tags), change]));
  return [...newest.values()];
}

/** Resolves at the next write of this process, after the poll interval, or at the signal: whatever is first. */
async function nextChange({ listeners, clock }: Watched, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const wake = (): void => {
    woken.abort();
  };
  listeners.add(wake);
  signal.addEventListener('abort', wake, { once: true });
  await sleep(clock, LOOK_EVERY, woken.signal).catch(() => undefined);
  listeners.delete(wake);
  signal.removeEventListener('abort', wake);
}

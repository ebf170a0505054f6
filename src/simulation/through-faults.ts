import { StoreUnavailable, StoreUnknown } from '../state/errors.js';
import type { StateStore } from '../state/store.js';

/** What of the world's faults concerns the state store. */
export interface StoreFaults {
  storeUnavailable(): boolean;
  storeAnswersLost(): boolean;
  /** Called after each change of the faults, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** The state store as it is while `store unavailable` or `store answer-lost` is in force; otherwise as it is. */
export function throughFaults(store: StateStore, faults: StoreFaults): StateStore {
  return {
    atomic: store.atomic,
    async select(kind, where) {
      refuseWhileUnavailable(faults);
      return store.select(kind, where);
    },
    async *watch(kind, where, signal) {
      for await (const object of store.watch(kind, where, signal)) {
        await untilAvailable(faults, signal);
        if (signal.aborted) return;
        yield object;
      }
    },
    async replace(changes, by, fence) {
      refuseWhileUnavailable(faults);
      const lost = faults.storeAnswersLost();
      const written = await store.replace(changes, by, fence);
      if (lost) throw new StoreUnknown('the state store did not answer: the write may have happened');
      return written;
    },
  };
}

export function refuseWhileUnavailable(faults: StoreFaults): void {
  if (faults.storeUnavailable()) throw new StoreUnavailable('the state store does not answer');
}

function untilAvailable(faults: StoreFaults, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (faults.storeUnavailable() && !signal.aborted) return;
      stop();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const stop = faults.onChange(look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });
}

import type { Clock } from '../domain/clock.js';
import { sleep } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { Millis } from '../domain/instant.js';
import { LockHeld } from '../state/errors.js';
import type { LockHolder, LockName, LockOwner, Locks } from '../state/locks.js';
import type { RunFile } from './run-file.js';

const LEASE: Millis = 60_000;
/** How often a lock that could not be had back is asked for again. */
const ASK_AGAIN: Millis = 1_000;

export interface RunLocks {
  /** All locks of a run, in name order, or none and why. */
  take(
    file: RunFile,
  ): Promise<{ ok: true; fences: Record<LockName, number> } | { ok: false; because: string }>;
  /** Tries until all are held again or the signal; tells of each holder met, and whether there was one in between. */
  regain(
    file: RunFile,
    signal: AbortSignal,
    met: (holder: LockHolder) => Promise<void>,
  ): Promise<{ fences: Record<LockName, number>; heldByAnother: boolean } | undefined>;
  release(file: RunFile): Promise<void>;
}

interface Taken {
  readonly fences: Record<LockName, number>;
  heldByAnother: boolean;
}

const freshTaken = (): Taken => ({ fences: {}, heldByAnother: false });

/** Locks are taken at the start of a run, not at its request, and belong to (installation, run). */
export function runLocks(locks: Locks, clock: Clock, installation: string): RunLocks {
  // Whether somebody else held a lock in between must not be forgotten because the next lock cannot be had yet (`sofar`),
  // or because the journal could not be written: a lease whose fence is not in there is taken anew, since the one that is.
  const acquireAll = async (file: RunFile, sofar: Taken = freshTaken()): Promise<Taken> => {
    const owner: LockOwner = { installation, run: file.state.run };
    for (const name of file.prepared.locks) {
      const known = file.leases.get(name);
      const journaled = file.state.fences[name];
      const isCurrent = known !== undefined && !known.lost.aborted && !file.refused.has(known);
      if (isCurrent && [journaled, sofar.fences[name]].includes(known.fence.number)) {
        sofar.fences[name] = known.fence.number;
        continue;
      }
      file.leases.delete(name);
      const acquired = await locks.acquire(name, LEASE, owner, journaled);
      watch(file, acquired.lease.lost, name);
      file.leases.set(name, acquired.lease);
      sofar.fences[name] = acquired.lease.fence.number;
      sofar.heldByAnother ||= acquired.heldByAnother;
    }
    return sofar;
  };
  const release = async (file: RunFile): Promise<void> => {
    const leases = [...file.leases.values()];
    file.leases.clear();
    for (const lease of leases) await lease.release().catch(() => undefined);
  };
  return {
    async take(file) {
      try {
        return { ok: true, fences: (await acquireAll(file)).fences };
      } catch (error) {
        await release(file);
        return {
          ok: false,
          because:
            error instanceof LockHeld ? error.message : `the locks cannot be taken: ${explainError(error)}`,
        };
      }
    },
    async regain(file, signal, met) {
      const sofar = freshTaken();
      while (!signal.aborted) {
        try {
          return await acquireAll(file, sofar);
        } catch (error) {
          if (error instanceof LockHeld) await met(error.holder).catch(() => undefined);
          await sleep(clock, ASK_AGAIN, signal).catch(() => undefined);
        }
      }
      return undefined;
    },
    release,
  };
}

/** Tells of a lost lease at once. Where the journal cannot be written just now, the driver does it before anything else. */
function watch(file: RunFile, lost: AbortSignal, lock: LockName): void {
  const tell = (): void => {
    void file
      .exclusively(async (append) => {
        const { stage, leaseLost } = file.state;
        // Locks are lost together, and one is enough to stop.
        if (file.leases.get(lock)?.lost !== lost || stage === 'ended' || leaseLost !== undefined) return;
        await append({ kind: 'lease-lost', lock, because: 'the lease could not be renewed in time' });
      })
      .catch(() => undefined);
  };
  lost.addEventListener('abort', tell, { once: true });
}

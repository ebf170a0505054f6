import type { Clock } from '../domain/clock.js';
import { type Instant, plus } from '../domain/instant.js';
import { LeaseLost } from '../state/errors.js';
import type { Lease, Locks } from '../state/locks.js';
import { type StoreFaults, refuseWhileUnavailable } from './through-faults.js';

/**
 * Locks as they are while the state store is unavailable: none can be taken, and a lease that is held cannot be renewed
 * and is lost when its life is over. Underneath it is renewed on, so that in the simulated world nobody else takes it.
 */
export function locksThroughFaults(locks: Locks, faults: StoreFaults, clock: Clock): Locks {
  return {
    async acquire(name, ttl, owner, since) {
      refuseWhileUnavailable(faults);
      const acquired = await locks.acquire(name, ttl, owner, since);
      return { ...acquired, lease: leaseThroughFaults(acquired.lease, faults, clock) };
    },
    async holders() {
      refuseWhileUnavailable(faults);
      return locks.holders();
    },
  };
}

function leaseThroughFaults(lease: Lease, faults: StoreFaults, clock: Clock): Lease {
  const lost = new AbortController();
  /** While it cannot be renewed: its end, and what calls the wait for it off. */
  let unrenewed: { ends: Instant; waiting: AbortController } | undefined;

  const lose = (because: Error): void => {
    stop();
    unrenewed?.waiting.abort();
    lost.abort(because);
  };
  const look = (): void => {
    if (!faults.storeUnavailable()) {
      unrenewed?.waiting.abort();
      unrenewed = undefined;
      return;
    }
    if (unrenewed !== undefined) return;
    const waiting = new AbortController();
    unrenewed = { ends: plus(clock.now(), lease.remaining()), waiting };
    clock.sleepUntil(unrenewed.ends, waiting.signal).then(
      () => lose(new Error(`the lock ${lease.name} could not be renewed: the state store does not answer`)),
      () => undefined,
    );
  };
  const stop = faults.onChange(look);
  lease.lost.addEventListener('abort', () => lose(lease.lost.reason as Error), { once: true });

  return {
    name: lease.name,
    fence: lease.fence,
    owner: lease.owner,
    lost: lost.signal,
    remaining() {
      if (lost.signal.aborted) return 0;
      return unrenewed === undefined ? lease.remaining() : Math.max(0, unrenewed.ends - clock.now());
    },
    async extend(length) {
      refuseWhileUnavailable(faults);
      if (lost.signal.aborted) throw new LeaseLost(lease.name);
      await lease.extend(length);
    },
    async release() {
      stop();
      unrenewed?.waiting.abort();
      await lease.release();
    },
  };
}

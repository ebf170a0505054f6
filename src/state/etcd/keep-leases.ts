import type { Lease, LockName } from '../locks.js';
import { KeptLease, type LeaseKeeping, type TakenLock } from './kept-lease.js';

export interface LeaseKeeper {
  /** Renews it from now on. A lease of the same lock that was kept until now is lost. */
  keep(lock: TakenLock): Lease;
  /** Ends all renewing; leases that are held stay until their end. */
  close(): void;
}

/** All leases that this process holds. */
export function keepLeases(keeping: LeaseKeeping): LeaseKeeper {
  const kept = new Map<LockName, KeptLease>();
  return {
    keep(lock) {
      kept.get(lock.name)?.lose(`the lock ${lock.name} was taken over by its own owner`);
      const lease = new KeptLease(keeping, lock);
      kept.set(lock.name, lease);
      lease.ended.addEventListener('abort', () => {
        if (kept.get(lock.name) === lease) kept.delete(lock.name);
      });
      return lease;
    },
    close() {
      for (const lease of [...kept.values()]) lease.drop();
    },
  };
}

import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, instant } from '../../domain/instant.js';
import type { LockName } from '../locks.js';

/** Renewed when a third of its life is over, so that two more attempts fit in before it is given up. */
const RENEW_AT = 1 / 3;
/** After a renewal that failed, as a part of its life. */
const AGAIN_AT = 1 / 12;

/** A lease that this process holds. */
export interface HeldLease {
  readonly name: LockName;
  readonly fence: number;
  readonly ttl: Millis;
  readonly lost: AbortSignal;
  /** From when on it may not be relied on; moves on with each renewal. */
  giveUpAt: Instant;
  lose(because: string): void;
}

export interface LeaseKeeper {
  /** Renews it from now on. A lease of the same lock that was kept until now is lost. */
  keep(name: LockName, fence: number, ttl: Millis, giveUpAt: Instant): HeldLease;
  drop(lease: HeldLease): void;
  close(): void;
}

/**
 * Renews leases until they are dropped: all of them together, so that a run with many locks costs one transaction at a
 * time. Sleeps on the clock while there is something to renew and not otherwise. `renew` writes; when it throws, it is
 * tried again until a lease's own end, which is then lost.
 */
export function keepLeases(clock: Clock, renew: (leases: readonly HeldLease[]) => void): LeaseKeeper {
  const held = new Map<LockName, HeldLease>();
  let sleeping: AbortController | undefined;

  const forget = (lease: HeldLease): void => {
    if (held.get(lease.name) === lease) held.delete(lease.name);
    if (held.size === 0) sleeping?.abort();
  };
  /** Infinity while nothing is held. */
  const shortest = (): Millis => Math.min(...[...held.values()].map((lease) => lease.ttl));
  const giveUp = (): void => {
    const now = clock.now();
    for (const lease of [...held.values()])
      if (lease.giveUpAt <= now) lease.lose(`the lock ${lease.name} could not be renewed in time`);
  };
  const tryToRenew = (): boolean => {
    try {
      renew([...held.values()]);
      return true;
    } catch {
      // Whatever the store's trouble is: the lease ends by itself if this goes on.
      giveUp();
      return false;
    }
  };
  const loop = async (stop: AbortController): Promise<void> => {
    let next = clock.now() + shortest() * RENEW_AT;
    while (await slept(clock, instant(next), stop.signal)) {
      const part = tryToRenew() ? RENEW_AT : AGAIN_AT;
      if (held.size === 0) return;
      const ends = Math.min(...[...held.values()].map((lease) => lease.giveUpAt));
      next = Math.min(clock.now() + shortest() * part, ends);
    }
  };
  const start = (): void => {
    sleeping?.abort();
    const stop = new AbortController();
    sleeping = stop;
    void loop(stop);
  };

  return {
    keep(name, fence, ttl, giveUpAt) {
      held.get(name)?.lose(`the lock ${name} was taken over by its own owner`);
      const lost = new AbortController();
      const lease: HeldLease = {
        name,
        fence,
        ttl,
        giveUpAt,
        lost: lost.signal,
        lose(because) {
          forget(lease);
          lost.abort(new Error(because));
        },
      };
      const soonest = shortest();
      held.set(name, lease);
      if (ttl < soonest) start();
      return lease;
    },
    drop: forget,
    close() {
      held.clear();
      sleeping?.abort();
    },
  };
}

/** Whether the whole sleep was had; false once the signal has ended it. */
function slept(clock: Clock, until: Instant, signal: AbortSignal): Promise<boolean> {
  return clock.sleepUntil(until, signal).then(
    () => true,
    () => false,
  );
}

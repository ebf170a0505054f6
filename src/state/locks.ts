import type { Millis } from '../domain/instant.js';

/** `mediawiki`, `discovery`, `geodns`, `database/s1`: named by what is written. */
export type LockName = string;

/** What a guarded write is compared with: the lock and the number it had when it was acquired. Fences only grow. */
export interface Fence {
  readonly lock: LockName;
  readonly number: number;
}

/** (installation, run): a restarted process of the same installation is the same owner. */
export interface LockOwner {
  readonly installation: string;
  readonly run: number;
}

/** `run 7 of practice`. Pure. */
export const lockOwnerText = ({ run, installation }: LockOwner): string => `run ${run} of ${installation}`;

export interface Lease {
  readonly name: LockName;
  readonly fence: Fence;
  readonly owner: LockOwner;
  /** Aborted as soon as the lease can no longer be relied on: before the store frees it. */
  readonly lost: AbortSignal;
  /** How much longer it certainly lasts without another renewal. */
  remaining(): Millis;
  /**
   * Makes it certainly last this long from now, for a call that cannot compare the fence; renewals never shorten it.
   * Writes. Throws LeaseLost, or StoreUnavailable: then it lasts as long as before.
   */
  extend(length: Millis): Promise<void>;
  release(): Promise<void>;
}

export interface LockHolder {
  readonly name: LockName;
  readonly owner: LockOwner;
  readonly expiresIn: Millis;
}

export interface Locks {
  /**
   * Takes the lock at once or throws LockHeld with its holder; never waits. The same owner takes its own lease
   * over with a higher fence. The lease is renewed by itself until released. `since` is the last fence this owner had:
   * `heldByAnother` of the result tells whether somebody else has held the lock after it.
   */
  acquire(name: LockName, ttl: Millis, owner: LockOwner, since?: number): Promise<AcquiredLease>;
  holders(): Promise<LockHolder[]>;
}

export interface AcquiredLease {
  readonly lease: Lease;
  readonly heldByAnother: boolean;
}

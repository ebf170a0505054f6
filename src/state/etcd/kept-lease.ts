import { realDelay } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import { LeaseLost, StoreUnavailable, StoreUnknown } from '../errors.js';
import type { Fence, Lease, LockName, LockOwner } from '../locks.js';
import type { EtcdTimes } from './etcd-options.js';
import type { Granted, LeaseStore } from './lease-store.js';
import type { LockRecord } from './lock-record.js';
import type { LockStore } from './lock-store.js';

/** Renewed when a third of its life is over … */
const RENEW_AT = 1 / 3;
/** … and after a renewal that failed, as a part of its life. */
const AGAIN_AT = 1 / 12;
/**
 * Given up at this part of its life, counted from when the last answered renewal was *sent*. The store counts from when
 * it arrived, so it frees the lock later; and calls that are under way have the rest of the time to end.
 */
const GIVE_UP_AT = 0.6;

export interface LeaseKeeping {
  readonly leases: LeaseStore;
  readonly locks: LockStore;
  readonly times: EtcdTimes;
  readonly steady: () => Millis;
}

/** A lock that was just taken. */
export interface TakenLock {
  readonly name: LockName;
  readonly owner: LockOwner;
  readonly ttl: Millis;
  readonly record: LockRecord;
  readonly granted: Granted;
}

/**
 * A lock's lease, renewed until it is dropped or lost. A longer life is had by putting the lock on a longer lease of the
 * store's; that one is left alone, and shortly before its end the lock is put on one of the usual length again.
 */
export class KeptLease implements Lease {
  readonly name: LockName;
  readonly owner: LockOwner;
  readonly fence: Fence;
  readonly #ttl: Millis;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  /** The store's lease that the lock is on, and the revision at which it was put there. */
  #on: { id: string; writtenAt: number };
  #giveUpAt: Millis;
  #isLong = false;
  /** A move of unknown outcome may still reach the store, until another one has. */
  #mayMove = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: LeaseKeeping,
    { name, owner, ttl, record, granted }: TakenLock,
  ) {
    this.name = name;
    this.owner = owner;
    this.fence = { lock: name, number: record.fence };
    this.#ttl = ttl;
    this.#on = { id: granted.id, writtenAt: record.held?.writtenAt ?? 0 };
    this.#giveUpAt = granted.sentAt + ttl * GIVE_UP_AT;
    void this.#renewWhenDue();
    void this.#giveUpWhenDue();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborted when nobody renews it any more: it is lost, released, or the process ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  remaining(): Millis {
    return this.#lost.signal.aborted ? 0 : Math.max(0, this.#giveUpAt - this.store.steady());
  }

  extend(length: Millis): Promise<void> {
    return this.#inTurn(async () => {
      if (this.remaining() >= length) await this.#look(this.store.times.read);
      else await this.#move(length, this.store.times.write);
    });
  }

  release(): Promise<void> {
    this.drop();
    return this.#inTurn(async () => {
      try {
        await this.store.locks.free(this.fence, this.store.times.write);
      } catch (error) {
        // To release it once more does no harm.
        if (error instanceof StoreUnknown) throw new StoreUnavailable(error.message, { cause: error });
        throw error;
      }
      this.store.leases.forget(this.#on.id);
    });
  }

  lose(because: string): void {
    if (this.#ended.signal.aborted) return;
    this.drop();
    this.#lost.abort(new Error(because));
  }

  /** Ends the renewing. */
  drop(): void {
    this.#ended.abort();
  }

  /** Renewals and extensions one after the other: each must know what the one before has done. */
  #inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(body);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #giveUpWhenDue(): Promise<void> {
    while (await this.#slept(this.#giveUpAt - this.store.steady()))
      if (this.remaining() === 0) this.lose(`the lock ${this.name} could not be renewed in time`);
  }

  async #renewWhenDue(): Promise<void> {
    let after = this.#ttl * RENEW_AT;
    while (await this.#slept(after))
      after = await this.#inTurn(() => this.#renew()).then(
        () => this.#ttl * RENEW_AT,
        // Whatever the store's trouble is: the lease is given up in time if this goes on.
        () => this.#ttl * AGAIN_AT,
      );
  }

  async #renew(): Promise<void> {
    const usual = this.#ttl * GIVE_UP_AT;
    if (this.#mayMove || (this.#isLong && this.remaining() <= usual)) {
      await this.#move(usual, this.remaining());
    } else if (this.#isLong) {
      await this.#look(this.remaining());
    } else {
      // A renewal tells that the store's lease lives, not that the lock is still on it.
      await this.#look(this.remaining());
      const sentAt = await this.store.leases.renew(this.#on.id, this.remaining());
      if (sentAt === undefined) this.lose(`the lock ${this.name} has ended in the store`);
      else this.#lastUntil(sentAt + usual);
    }
  }

  /** Whether the lock is still ours, and on which of the store's leases. Throws LeaseLost. */
  async #look(limit: Millis): Promise<void> {
    this.#accept(await this.store.locks.look(this.name, limit));
  }

  #accept({ fence, held }: LockRecord): void {
    if (this.#lost.signal.aborted) throw new LeaseLost(this.name);
    if (fence === this.fence.number && held !== undefined) {
      this.#on = { id: held.lease, writtenAt: held.writtenAt };
      return;
    }
    const isOver = fence === this.fence.number;
    this.lose(`the lock ${this.name} ${isOver ? 'has ended' : 'was taken over'} in the store`);
    this.store.leases.forget(this.#on.id);
    throw new LeaseLost(this.name);
  }

  /** Puts the lock on a new lease that outlives `length` by what a lease of the usual length outlives its end. */
  async #move(length: Millis, limit: Millis): Promise<void> {
    if (this.#lost.signal.aborted) throw new LeaseLost(this.name);
    const { leases, locks, steady } = this.store;
    const until = steady() + limit;
    const life = length + this.#ttl * (1 - GIVE_UP_AT);
    const granted = await leases.grant(Math.max(life, this.#ttl), limit);
    const before = this.#on.id;
    // Twice at most: the first may show that an earlier move of unknown outcome has happened after all.
    for (let tries = 0; tries < 2 && this.#on.id !== granted.id; tries += 1) {
      try {
        const { writtenAt } = this.#on;
        this.#accept(await locks.move(this.fence, this.owner, writtenAt, granted.id, until - steady()));
      } catch (error) {
        // Of a move that may have happened, the lease may hold the lock.
        if (error instanceof StoreUnknown) {
          this.#mayMove = true;
          throw new StoreUnavailable(error.message, { cause: error });
        }
        leases.forget(granted.id);
        throw error;
      }
    }
    if (this.#on.id !== granted.id)
      throw new StoreUnavailable(`the lock ${this.name} is written by others all the time`);
    leases.forget(before);
    this.#mayMove = false;
    this.#isLong = life > this.#ttl;
    this.#lastUntil(granted.sentAt + length);
  }

  #lastUntil(giveUpAt: Millis): void {
    this.#giveUpAt = Math.max(this.#giveUpAt, giveUpAt);
  }

  /** Whether the whole time was slept; false once nobody renews it any more. */
  #slept(length: Millis): Promise<boolean> {
    return realDelay(length, this.#ended.signal).then(
      () => true,
      () => false,
    );
  }
}

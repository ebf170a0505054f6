import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { isoMillis, type Millis } from '../../domain/instant.js';
import { LockHeld, StoreUnavailable, StoreUnknown } from '../errors.js';
import type { AcquiredLease, LockHolder, LockName, LockOwner, Locks } from '../locks.js';
import type { EtcdCluster } from './etcd-cluster.js';
import type { EtcdKeys } from './etcd-keys.js';
import type { EtcdTimes } from './etcd-options.js';
import { keepLeases } from './keep-leases.js';
import { leaseStore } from './lease-store.js';
import { type HeldRecord, heldBy, isHeldByAnother, isSameOwner, takenNext } from './lock-record.js';
import { lockStore } from './lock-store.js';

export interface EtcdLocksOptions {
  readonly cluster: EtcdCluster;
  readonly keys: EtcdKeys;
  readonly times: EtcdTimes;
  readonly clock: Clock;
  readonly steady: () => Millis;
}

export interface EtcdLocks extends Locks {
  /** Ends all renewing; leases that are held stay until their end. */
  close(): void;
}

/**
 * A lock is two keys. One is there while the lock is held, on a lease of the store's; the other stays for ever, and each
 * acquisition writes it: the revision of that write is the fence. So fences only grow, and a lock that was freed and
 * taken again in between never looks as it did before.
 */
export function etcdLocks({ cluster, keys, times, clock, steady }: EtcdLocksOptions): EtcdLocks {
  const leases = leaseStore(cluster, times, steady);
  const locks = lockStore(cluster, keys);
  const keeper = keepLeases({ leases, locks, times, steady });

  /** Undefined where it has become free. */
  const holderOf = async (name: LockName, { owner, lease }: HeldRecord): Promise<LockHolder | undefined> => {
    const expiresIn = await leases.lifeOf(lease);
    if (expiresIn > 0) return { name, owner, expiresIn };
    // Between the two questions that lease has ended, or the lock was put on another one; or somebody wrote it by hand.
    const { held } = await locks.look(name, times.read);
    if (held === undefined) return undefined;
    return held.lease === lease ? { name, owner: held.owner, expiresIn } : holderOf(name, held);
  };

  const acquire = async (
    name: LockName,
    ttl: Millis,
    owner: LockOwner,
    since: number,
  ): Promise<AcquiredLease> => {
    const until = steady() + times.write;
    // Again when somebody else has taken or freed it between the look and the take; the limit ends it.
    for (;;) {
      const seen = await locks.look(name, until - steady());
      if (seen.held !== undefined && !isSameOwner(seen.held.owner, owner)) {
        const holder = await holderOf(name, seen.held);
        if (holder === undefined) continue;
        throw new LockHeld(holder);
      }
      const granted = await leases.grant(ttl, until - steady());
      const taken = takenNext(seen, owner, isoMillis(clock.now()), randomUUID());
      let isOurs = false;
      try {
        const record = await locks.take(name, seen, taken, granted.id, until - steady());
        isOurs = record.taken?.token === taken.token && record.held?.lease === granted.id;
        if (!isOurs) continue;
        if (seen.held !== undefined) leases.forget(seen.held.lease);
        const lease = keeper.keep({ name, owner, ttl, record, granted });
        return { lease, heldByAnother: isHeldByAnother(seen, owner, since) };
      } finally {
        if (!isOurs) leases.forget(granted.id);
      }
    }
  };

  return {
    async acquire(name, ttl, owner, since = Infinity) {
      try {
        return await acquire(name, ttl, owner, since);
      } catch (error) {
        // The lease is given back or ends by itself, and its owner may take the lock again at any time.
        if (error instanceof StoreUnknown) throw new StoreUnavailable(error.message, { cause: error });
        throw error;
      }
    },
    async holders() {
      const { kvs } = await cluster.ask(times.read, 'the locks cannot be read', (client, call) =>
        client.kv.range(keys.locks(), call),
      );
      const holders = kvs.map((pair) => {
        const name = keys.lockNameOf(pair.key.toString());
        return holderOf(name, heldBy(name, pair));
      });
      return (await Promise.all(holders)).filter((holder) => holder !== undefined);
    },
    close: () => keeper.close(),
  };
}

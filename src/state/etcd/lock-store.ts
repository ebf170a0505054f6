import type { IRequestOp, ITxnResponse } from 'etcd3';
import type { Millis } from '../../domain/instant.js';
import type { Fence, LockName, LockOwner } from '../locks.js';
import type { EtcdCluster } from './etcd-cluster.js';
import type { EtcdKeys } from './etcd-keys.js';
import { fenceHolds } from './fence-holds.js';
import { type LockRecord, type TakenRecord, lockRecord } from './lock-record.js';

/** The keys of a lock, each change of them one transaction that can only succeed once. */
export interface LockStore {
  look(name: LockName, limit: Millis): Promise<LockRecord>;
  /** Takes it on a lease if it is still as it was seen. Gives how it is now, with or without success. */
  take(
    name: LockName,
    seen: LockRecord,
    taken: TakenRecord,
    lease: string,
    limit: Millis,
  ): Promise<LockRecord>;
  /** Puts a held lock on another lease if its fence holds and it is still as it was written last. */
  move(fence: Fence, owner: LockOwner, writtenAt: number, lease: string, limit: Millis): Promise<LockRecord>;
  /** Frees it if its fence holds. */
  free(fence: Fence, limit: Millis): Promise<void>;
}

export function lockStore(cluster: EtcdCluster, keys: EtcdKeys): LockStore {
  const readsOf = (name: LockName): IRequestOp[] => [
    { request_range: { key: keys.taken(name) } },
    { request_range: { key: keys.lock(name) } },
  ];
  /** The last two answers of a transaction are those of the reads, in either case. */
  const recordIn = (name: LockName, { responses }: ITxnResponse): LockRecord =>
    lockRecord(name, responses.at(-2)?.response_range.kvs[0], responses.at(-1)?.response_range.kvs[0]);
  const holding = (name: LockName, { installation, run }: LockOwner, lease: string): IRequestOp => ({
    request_put: { key: keys.lock(name), value: Buffer.from(JSON.stringify({ installation, run })), lease },
  });

  return {
    async look(name, limit) {
      const answer = await cluster.ask(limit, `the lock ${name} cannot be read`, (client, call) =>
        client.kv.txn({ success: readsOf(name) }, call),
      );
      return recordIn(name, answer);
    },
    async take(name, seen, taken, lease, limit) {
      const answer = await cluster.commit(limit, `the lock ${name} cannot be taken`, {
        // Whoever takes it writes this key, so it is still as free, or as much our own, as it was seen.
        compare: [{ key: keys.taken(name), target: 'Mod', result: 'Equal', mod_revision: seen.fence }],
        success: [
          { request_put: { key: keys.taken(name), value: Buffer.from(JSON.stringify(taken)) } },
          holding(name, taken, lease),
          ...readsOf(name),
        ],
        failure: readsOf(name),
      });
      return recordIn(name, answer);
    },
    async move(fence, owner, writtenAt, lease, limit) {
      const name = fence.lock;
      const answer = await cluster.commit(limit, `the lock ${name} cannot be made to last`, {
        compare: [
          ...fenceHolds(keys, fence),
          { key: keys.lock(name), target: 'Mod', result: 'Equal', mod_revision: writtenAt },
        ],
        success: [holding(name, owner, lease), ...readsOf(name)],
        failure: readsOf(name),
      });
      return recordIn(name, answer);
    },
    async free(fence, limit) {
      await cluster.commit(limit, `the lock ${fence.lock} cannot be released`, {
        compare: fenceHolds(keys, fence),
        success: [{ request_delete_range: { key: keys.lock(fence.lock) } }],
        failure: [],
      });
    },
  };
}

import type { Locks } from '../locks.js';
import type { StateStore } from '../store.js';
import { etcdCluster } from './etcd-cluster.js';
import { etcdKeys } from './etcd-keys.js';
import { etcdLocks } from './etcd-locks.js';
import type { EtcdOptions } from './etcd-options.js';
import { replaceObjects } from './replace-objects.js';
import { objectSelection } from './select-objects.js';
import { troubles as tellOnce } from './troubles.js';
import { watchObjects } from './watch-objects.js';

export interface Etcd extends AsyncDisposable {
  readonly state: StateStore;
  readonly locks: Locks;
}

/**
 * The state store and the locks in a cluster of etcd, by its v3 API. Nothing is asked before it is needed: a process may
 * start while the store is down. Closing it ends watches and renewals; leases that are held stay until their end.
 */
export async function openEtcd(options: EtcdOptions): Promise<Etcd> {
  const { times, clock, steady } = options;
  const troubles = tellOnce((text) => options.trouble(text));
  const cluster = etcdCluster(options, troubles);
  const keys = etcdKeys(options.prefix, options.ownPrefix);
  const store = { cluster, keys, times, clock, steady, troubles };
  const locks = etcdLocks(store);
  const closed = new AbortController();
  return {
    state: {
      atomic: true,
      select: objectSelection(store),
      watch: (kind, where, signal) =>
        watchObjects(store, kind, where, AbortSignal.any([signal, closed.signal])),
      replace: (changes, by, fence) => replaceObjects(store, changes, by, fence),
    },
    locks,
    async [Symbol.asyncDispose]() {
      closed.abort();
      locks.close();
      cluster.close();
    },
  };
}

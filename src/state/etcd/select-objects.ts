import type { Clock } from '../../domain/clock.js';
import type { Instant } from '../../domain/instant.js';
import { StoreUnavailable } from '../errors.js';
import { matches } from '../selector.js';
import type { KindName, Selector, StoredObject } from '../store.js';
import type { EtcdCluster } from './etcd-cluster.js';
import type { EtcdKeys } from './etcd-keys.js';
import type { EtcdTimes } from './etcd-options.js';
import { type ReadObjects, readObjects } from './read-objects.js';
import type { Troubles } from './troubles.js';

export interface Selecting {
  readonly cluster: EtcdCluster;
  readonly keys: EtcdKeys;
  readonly times: EtcdTimes;
  readonly clock: Clock;
  readonly troubles: Troubles;
}

/** All objects of a kind, by key, each as it was last good. */
interface LastGood {
  readonly revision: number;
  readonly objects: ReadonlyMap<string, { readonly object: StoredObject; readonly readAt: Instant }>;
}

/**
 * Reads objects, and remembers them for when the store does not answer or holds nonsense: then each is its last good
 * value, marked with when that was read. A whole kind is read at once, so what is remembered is complete. Throws
 * StoreUnavailable, or InvalidObject for nonsense, when there is not even a last good value.
 */
export function objectSelection({ cluster, keys, times, clock, troubles }: Selecting) {
  const lastGood = new Map<KindName, LastGood>();

  const remember = (kind: KindName, found: ReadObjects, readAt: Instant): void => {
    const before = lastGood.get(kind);
    // Of two readings under way at the same time the older may come in last.
    if (before !== undefined && before.revision > found.revision) return;
    const objects = new Map([...found.objects].map(([key, object]) => [key, { object, readAt }]));
    for (const key of found.broken.keys()) {
      const old = before?.objects.get(key);
      if (old !== undefined) objects.set(key, old);
    }
    lastGood.set(kind, { revision: found.revision, objects });
  };
  const tell = (kind: KindName, { objects, broken }: ReadObjects): void => {
    troubles.end(kind, `the ${kind} objects can be read again`);
    for (const key of objects.keys()) troubles.end(key, `${key} is a ${kind} object again`);
    for (const [key, { error }] of broken) troubles.begin(key, `${key}: ${error.message}`);
  };
  const read = async (kind: KindName): Promise<ReadObjects> => {
    // While nobody answers, everybody who asks would wait the whole time for the same silence.
    const limit = cluster.isDown ? times.attempt : times.read;
    const readAt = clock.now();
    const answer = await cluster.ask(limit, `the ${kind} objects cannot be read`, (client, call) =>
      client.kv.range(keys.ofKind(kind), call),
    );
    const found = readObjects(keys, kind, answer);
    remember(kind, found, readAt);
    tell(kind, found);
    return found;
  };
  const old = (kind: KindName, key: string): StoredObject | undefined => {
    const last = lastGood.get(kind)?.objects.get(key);
    return last && { ...last.object, stale: last.readAt };
  };

  return async (kind: KindName, where: Selector): Promise<StoredObject[]> => {
    const selected: [key: string, object: StoredObject][] = [];
    try {
      const { objects, broken } = await read(kind);
      selected.push(...objects);
      for (const [key, { tags, error }] of broken) {
        const last = old(kind, key);
        if (last !== undefined) selected.push([key, last]);
        else if (matches(where, tags)) throw error;
      }
    } catch (error) {
      const last = lastGood.get(kind);
      if (!(error instanceof StoreUnavailable) || last === undefined) throw error;
      // That nobody answers has been told already.
      if (!cluster.isDown) troubles.begin(kind, `${error.message}; the last good values are given out`);
      for (const [key, { object, readAt }] of last.objects)
        selected.push([key, { ...object, stale: readAt }]);
    }
    return selected
      .filter(([, object]) => matches(where, object.tags))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  };
}

import { type Etcd3, castGrpcError } from 'etcd3';
import { type Millis, SECOND } from '../../domain/instant.js';
import type { EtcdCluster } from './etcd-cluster.js';
import type { EtcdTimes } from './etcd-options.js';

/** A lease of the store's: keys that are put on it are removed when its life is over and nobody has renewed it. */
export interface Granted {
  readonly id: string;
  /** When it was asked for, on the steady clock: the store counts its life from later on. */
  readonly sentAt: Millis;
}

export interface LeaseStore {
  /** Lives at least this long: the store counts whole seconds, and has a shortest life of its own. */
  grant(life: Millis, limit: Millis): Promise<Granted>;
  /** Begins its life anew. Gives when that was asked for, or undefined when it had ended. */
  renew(id: string, limit: Millis): Promise<Millis | undefined>;
  /** What is left of it; 0 when it has ended. */
  lifeOf(id: string): Promise<Millis>;
  /** Gives it back, with whatever is on it. Where that fails it ends by itself, so nobody waits for it. */
  forget(id: string): void;
}

export function leaseStore(cluster: EtcdCluster, times: EtcdTimes, steady: () => Millis): LeaseStore {
  return {
    grant: (life, limit) =>
      cluster.ask(limit, 'a lease cannot be had', async ({ leaseClient }, call) => {
        const sentAt = steady();
        const { ID } = await leaseClient.leaseGrant({ TTL: Math.ceil(life / SECOND) }, call);
        return { id: ID, sentAt };
      }),
    renew: (id, limit) =>
      cluster.ask(limit, 'a lease cannot be renewed', async (client, call) => {
        const sentAt = steady();
        return (await keepAlive(client, id, call)) ? sentAt : undefined;
      }),
    lifeOf: (id) =>
      cluster.ask(times.read, 'the life of a lease cannot be read', async ({ leaseClient }, call) => {
        const { TTL } = await leaseClient.leaseTimeToLive({ ID: id }, call);
        // Whole seconds, rounded down; -1 for one that has ended.
        return (Number(TTL) + 1) * SECOND;
      }),
    forget(id) {
      cluster
        .ask(times.write, 'a lease cannot be given back', ({ leaseClient }, call) =>
          leaseClient.leaseRevoke({ ID: id }, call),
        )
        .catch(() => undefined);
    },
  };
}

/** The library's own renewing calls a lease lost only after twice its life. False when the lease had ended. */
async function keepAlive(client: Etcd3, id: string, call: { deadline: number }): Promise<boolean> {
  const stream = await client.leaseClient.leaseKeepAlive(call);
  try {
    return await new Promise((resolve, reject) => {
      stream.on('data', ({ TTL }) => resolve(TTL !== '0'));
      stream.on('error', (error) => reject(castGrpcError(error)));
      stream.on('end', () => reject(new Error('the member has ended the renewal')));
      stream.write({ ID: id });
    });
  } finally {
    // Not cancelled: the library takes that for a failing member and drops its connection, with all that is under way.
    stream.end();
  }
}

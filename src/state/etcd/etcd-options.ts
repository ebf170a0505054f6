import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';

export interface EtcdOptions {
  /** `https://conf1007.example.org:2379`, …: all of them with https or all with http. The first is asked first. */
  readonly endpoints: readonly string[];
  /** Below it are the objects, spelled as conftool spells them. */
  readonly prefix: string;
  /** Below it is what switchdc keeps for itself: locks, their history and the log of writes. */
  readonly ownPrefix: string;
  readonly user?: { readonly name: string; readonly password: Hidden };
  /** PEM; the certificate and its key where the store asks its clients for one. */
  readonly tls?: {
    readonly authority: Buffer;
    readonly client?: { readonly certificate: Buffer; readonly key: Hidden };
  };
  readonly times: EtcdTimes;
  /** Gives the instants that people read. */
  readonly clock: Clock;
  /** Milliseconds that only ever run forward at their own pace, whatever happens to the machine's date. */
  readonly steady: () => Millis;
  /** What people should know: said once when it begins, and once when it is over. */
  trouble(text: string): void;
}

export interface Hidden {
  reveal(): string;
}

export interface EtcdTimes {
  /** How long one member has for one answer before another one is asked. */
  readonly attempt: Millis;
  /** How long a read may take in all before the last good value is given out. An election takes about 2 s. */
  readonly read: Millis;
  /** How long a write may take in all. */
  readonly write: Millis;
  /** How often a watch compares what it was told with what there is. */
  readonly reconcile: Millis;
}

/** Good for members in one building or two, with the store's own default timings. */
export const usualTimes: EtcdTimes = { attempt: 1_000, read: 3_000, write: 5_000, reconcile: 60_000 };

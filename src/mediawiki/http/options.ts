import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { DatacenterName } from '../../domain/names.js';

export interface HttpSiteOptions {
  readonly appServers: readonly AppServer[];
  /** The name under which the wiki is served: sent as Host, and its certificate must be for it. */
  readonly host?: string;
  /** Of the API; `/w/api.php` unless told. */
  readonly path?: string;
  /** The authority behind the servers' certificates (PEM), where it is not one that everybody trusts. */
  readonly ca?: string;
  /** How long each server may take to answer. */
  readonly timeout: Millis;
  /** In bytes; a longer answer is not one. 1 MiB unless told. */
  readonly longestAnswer?: number;
  readonly clock: Clock;
  /** What people should know although there is an answer. */
  readonly trouble: (text: string) => void;
}

export interface AppServer {
  readonly name: string;
  readonly datacenter: DatacenterName;
  /** `https://10.64.0.1:443`: an address, so that no name service stands between us and it. */
  readonly url: string;
}

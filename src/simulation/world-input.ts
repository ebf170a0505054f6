import type { Access } from '../databases/databases.js';
import type { HostName } from '../hosts/hosts.js';
import type { Fault } from './fault.js';
import type { Side } from './world-shape.js';

/** What a command leaves behind on a host. */
export type HostEffect =
  | { readonly do: 'lock-deployments'; readonly reason: string }
  | { readonly do: 'unlock-deployments' }
  | { readonly do: 'disable-puppet'; readonly reason: string }
  | { readonly do: 'enable-puppet' }
  | { readonly do: 'run-puppet' }
  | { readonly do: 'stop-periodic-jobs' }
  | { readonly do: 'start-periodic-jobs' }
  | { readonly do: 'kill-maintenance-scripts' }
  | { readonly do: 'warm-up-caches'; readonly side: Side }
  | { readonly do: 'wipe-recursor-cache'; readonly records: readonly string[] }
  | { readonly do: 'restart-job-runners' }
  | { readonly do: 'remove-confd-errors' };

/** Something done to the world from outside: durable, and with the state store's history all that a world is made of. */
export type WorldInput =
  | { readonly kind: 'access'; readonly section: number; readonly side: Side; readonly access: Access }
  /** Of what the side reads: the other one is where it would come from. */
  | {
      readonly kind: 'replication';
      readonly section: number;
      readonly side: Side;
      readonly replication: 'running' | 'stopped';
    }
  | { readonly kind: 'command'; readonly host: HostName; readonly effect: HostEffect }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** By its subject; all of them where that is left out. */
  | { readonly kind: 'fault-cleared'; readonly subject?: string };

export interface RecordedInput {
  readonly seq: number;
  readonly at: number;
  /** The state store's changes up to this revision came before it. */
  readonly revision: number;
  readonly input: WorldInput;
}

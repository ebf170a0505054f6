import type { Access, PrimaryName, ReplicationWanted } from '../databases/databases.js';
import type { DatacenterName } from '../domain/names.js';
import type { HostName } from '../hosts/hosts.js';
import type { Change } from '../state/store.js';

/**
 * Something that is about to be written to the world: one change of an object, the access or the replication of one
 * database, one command.
 */
export type Write =
  | { readonly on: 'state'; readonly change: Change }
  | { readonly on: 'database'; readonly primary: PrimaryName; readonly access: Access }
  | { readonly on: 'replication'; readonly primary: PrimaryName; readonly to: ReplicationWanted }
  | {
      readonly on: 'hosts';
      /** The name of the command, which is that of its operation in the configuration. */
      readonly operation: string;
      readonly hosts: readonly HostName[];
      /** Undefined for a host outside of the core datacenters, such as a DNS server at the edge. */
      datacenterOf(host: HostName): DatacenterName | undefined;
    };

import type { DatacenterName } from '../domain/names.js';
import type { HostName, HostQuery } from './hosts.js';

/** The hosts that there are, and names for sets of them. Data from configuration. */
export interface Inventory {
  readonly hosts: readonly HostName[];
  /** `db-primary` → `db[1101-1112].eqiad.wmnet or …`; used as `A:db-primary`. May name other aliases. */
  readonly aliases: Readonly<Record<string, HostQuery>>;
}

/** The datacenter whose name is one of the host name's labels, `mwmaint1002.eqiad.wmnet`; undefined elsewhere. Pure. */
export function datacenterOfHost(
  host: HostName,
  datacenters: readonly DatacenterName[],
): DatacenterName | undefined {
  const labels = host.split('.').slice(1);
  return datacenters.find((name) => labels.includes(name));
}

import type { DatacenterName, SectionName } from '../domain/names.js';
import type { Fault } from './fault.js';
import type { Side, WorldShape } from './world-shape.js';

/** Questions about the faults that are in force. Pure; almost always there are none. */
export const faultsInForce = {
  unreachable: (faults: readonly Fault[], host: string): boolean =>
    faults.some((fault) => fault.kind === 'host-unreachable' && fault.host === host),

  commandFails: (faults: readonly Fault[], command: string): boolean =>
    faults.some((fault) => fault.kind === 'command-failing' && fault.command === command),

  databaseDown: (faults: readonly Fault[], section: SectionName, datacenter: DatacenterName): boolean =>
    faults.some(
      (fault) =>
        fault.kind === 'database-down' && fault.section === section && fault.datacenter === datacenter,
    ),

  replicationStuck: (faults: readonly Fault[], section: SectionName, into: DatacenterName): boolean =>
    faults.some(
      (fault) =>
        fault.kind === 'replication-stuck' &&
        fault.section === section &&
        (fault.datacenter === undefined || fault.datacenter === into),
    ),

  /** An app server that is stuck, and every one while the store cannot be reached, goes on with what it has. */
  keepsConfig: (faults: readonly Fault[], server: string): boolean =>
    faults.some(
      (fault) =>
        fault.kind === 'store-unavailable' || (fault.kind === 'app-server-stuck' && fault.server === server),
    ),

  dnsStuck: (faults: readonly Fault[], server: string): boolean =>
    faults.some((fault) => fault.kind === 'dns-server-stuck' && fault.server === server),

  dnsDown: (faults: readonly Fault[], server: string): boolean =>
    faults.some((fault) => fault.kind === 'dns-server-down' && fault.server === server),
};

export function isDown(shape: WorldShape, faults: readonly Fault[], section: number, side: Side): boolean {
  if (faults.length === 0) return false;
  return faultsInForce.databaseDown(
    faults,
    shape.sections[section] ?? ('' as SectionName),
    shape.datacenters[side],
  );
}

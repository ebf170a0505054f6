import type { PermitSubject } from '../../src/access/permit.js';
import type { Write } from '../../src/access/write.js';
import type { ReplicationWanted } from '../../src/databases/databases.js';
import { type DatacenterName, datacenter, section } from '../../src/domain/names.js';
import type { Json } from '../../src/domain/json.js';
import type { OperationName } from '../../src/hosts/operation.js';
import type { KindName, Tags } from '../../src/state/store.js';

/** A switchover from north to south; west is a third datacenter that has nothing to do with it. */
export const from = datacenter('north');
export const to = datacenter('south');
export const elsewhere = datacenter('west');

export const scope = { readWriteRecords: ['web-rw', 'api-rw'], sections: ['s1', 'x1'] };

export const PHASES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;
export const MODES = ['live', 'live-test', 'dry-run'] as const;
export const DIRECTIONS = ['forward', 'back'] as const;

export const subjects: readonly PermitSubject[] = MODES.flatMap((mode) =>
  DIRECTIONS.flatMap((direction) =>
    PHASES.map((phase) => ({ ...scope, runbook: 'mediawiki', mode, direction, phase, from, to })),
  ),
);

export function stateWrite(kind: KindName, tags: Tags, field: string, value: Json): Write {
  return { on: 'state', change: { kind, tags, from: { [field]: null }, to: { [field]: value } } };
}

export const readOnly = (dc: string, val: Json): Write =>
  stateWrite('mwconfig', { scope: dc, name: 'ReadOnly' }, 'val', val);
export const primary = (val: Json): Write =>
  stateWrite('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, 'val', val);
export const pooled = (record: string, dc: string, value: Json): Write =>
  stateWrite('discovery', { dnsdisc: record, name: dc }, 'pooled', value);
export const ttl = (record: string, dc: string): Write =>
  stateWrite('discovery', { dnsdisc: record, name: dc }, 'ttl', 10);
export const site = (value: Json): Write =>
  stateWrite('geodns', { geodns: 'text-addrs', name: 'north' }, 'pooled', value);
export const access = (of: string, dc: DatacenterName, value: 'read-only' | 'read-write'): Write => ({
  on: 'database',
  primary: { section: section(of), datacenter: dc },
  access: value,
});

export const replication = (of: string, dc: DatacenterName, wanted: ReplicationWanted): Write => ({
  on: 'replication',
  primary: { section: section(of), datacenter: dc },
  to: wanted,
});

/** Hosts are named `<n>.<datacenter>` here; those at the edge are in no datacenter that is known. */
export const onHosts = (operation: string, ...places: string[]): Write => ({
  on: 'hosts',
  operation,
  hosts: places.map((place, index) => `host${index}.${place}`),
  datacenterOf: (host) => [from, to].find((dc) => host.endsWith(`.${dc}`)),
});

export const OPERATION_NAMES: readonly OperationName[] = [
  'lock-deployments',
  'unlock-deployments',
  'disable-puppet',
  'enable-puppet',
  'run-puppet',
  'stop-periodic-jobs',
  'kill-maintenance-scripts',
  'start-periodic-jobs',
  'warm-up-caches',
  'wipe-discovery-caches',
  'restart-job-runners',
  'remove-stale-confd-errors',
  'run-puppet-on-primaries',
];

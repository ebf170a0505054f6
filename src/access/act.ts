import { primaryName } from '../databases/databases.js';
import type { DatacenterName } from '../domain/names.js';
import type { Json } from '../domain/json.js';
import type { OperationName } from '../hosts/operation.js';
import { type Change, objectName } from '../state/store.js';
import type { Write } from './write.js';

/** The kinds of effect that the permit tells apart; everything else is `unknown`, which no row permits. */
export type ActKind =
  | 'set the wiki read-only'
  | 'set the wiki read-write'
  | 'name the primary'
  | 'pool a wiki record'
  | 'depool a wiki record'
  | 'change the TTL of a wiki record'
  | 'change a service record'
  | 'change the pooling of a site'
  | 'set a database read-only'
  | 'set a database read-write'
  | 'change replication'
  | OperationName
  | 'unknown';

/** One effect, in one place. Undefined is a place outside of any datacenter that is known. */
export interface Act {
  readonly kind: ActKind;
  readonly datacenter: string | undefined;
  /** What it touches, for people: `s4.eqiad`, `discovery/dnsdisc=mw-web-rw,name=eqiad#pooled`. */
  readonly about: string;
}

/** What of an installation decides what an act is. */
export interface ActScope {
  /** The discovery records that are pooled in the primary datacenter only. */
  readonly readWriteRecords: readonly string[];
  readonly sections: readonly string[];
}

/** Takes a write apart into its effects: one for each field, database or datacenter that it concerns. Pure. */
export function actsOf(write: Write, scope: ActScope): readonly Act[] {
  switch (write.on) {
    case 'state':
      return Object.entries(write.change.to).map(([field, value]) =>
        stateAct(write.change, field, value, scope),
      );
    case 'database': {
      const { primary, access } = write;
      const core = scope.sections.includes(primary.section);
      const kind = access === 'read-only' ? 'set a database read-only' : 'set a database read-write';
      return [{ kind: core ? kind : 'unknown', datacenter: primary.datacenter, about: primaryName(primary) }];
    }
    case 'replication': {
      const { primary } = write;
      const kind = scope.sections.includes(primary.section) ? 'change replication' : 'unknown';
      return [{ kind, datacenter: primary.datacenter, about: primaryName(primary) }];
    }
    case 'hosts': {
      const places = new Set<DatacenterName | undefined>(write.hosts.map((host) => write.datacenterOf(host)));
      const kind = isOperation(write.operation) ? write.operation : 'unknown';
      const about = (place?: DatacenterName): string =>
        `hosts ${place === undefined ? 'elsewhere' : `in ${place}`}`;
      return [...places].map((place) => ({ kind, datacenter: place, about: about(place) }));
    }
  }
}

function stateAct(change: Change, field: string, value: Json, scope: ActScope): Act {
  const about = `${objectName(change.kind, change.tags)}#${field}`;
  const name = change.tags['name'];
  switch (change.kind) {
    case 'discovery':
      return { kind: discoveryKind(change.tags['dnsdisc'], field, value, scope), datacenter: name, about };
    case 'mwconfig':
      return { ...mwconfigAct(change.tags['scope'], name, value), about };
    case 'geodns':
      return {
        kind: field === 'pooled' ? 'change the pooling of a site' : 'unknown',
        datacenter: name,
        about,
      };
  }
}

function discoveryKind(record: string | undefined, field: string, value: Json, scope: ActScope): ActKind {
  if (field !== 'pooled' && field !== 'ttl') return 'unknown';
  if (record === undefined || !scope.readWriteRecords.includes(record)) return 'change a service record';
  if (field === 'ttl') return 'change the TTL of a wiki record';
  return value === true ? 'pool a wiki record' : 'depool a wiki record';
}

/** Read-only is a reason for editors, or false; the bare `true` that the schema has room for tells them nothing. */
function mwconfigAct(scope: string | undefined, name: string | undefined, value: Json): Omit<Act, 'about'> {
  if (name === 'ReadOnly' && typeof value === 'string')
    return { kind: 'set the wiki read-only', datacenter: scope };
  if (name === 'ReadOnly' && value === false) return { kind: 'set the wiki read-write', datacenter: scope };
  if (name === 'WMFMasterDatacenter' && scope === 'common' && typeof value === 'string')
    return { kind: 'name the primary', datacenter: value };
  return { kind: 'unknown', datacenter: scope };
}

/** By name, so that the compiler asks for a line here when an operation is added. */
const OPERATIONS: Readonly<Record<OperationName, true>> = {
  'lock-deployments': true,
  'unlock-deployments': true,
  'disable-puppet': true,
  'enable-puppet': true,
  'run-puppet': true,
  'stop-periodic-jobs': true,
  'kill-maintenance-scripts': true,
  'start-periodic-jobs': true,
  'warm-up-caches': true,
  'wipe-discovery-caches': true,
  'restart-job-runners': true,
  'remove-stale-confd-errors': true,
  'run-puppet-on-primaries': true,
};

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

import { type Instant, type Millis, instant } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import { pooledNearest } from './dns-servers.js';
import { type EditTotals, editTotals } from './edit-totals.js';
import { faultText } from './fault.js';
import { isDown } from './faults-in-force.js';
import { jobRunnersBehind } from './job-runners.js';
import { maintenanceScripts } from './puppet.js';
import { executedUpTo, replicationDelay } from './replication.js';
import { type Side, type WorldShape, otherSide } from './world-shape.js';
import type { EditCounts, WorldState } from './world-state.js';
import { writable } from './writable.js';

export interface DatacenterLook {
  readonly name: DatacenterName;
  /** As each app server believes. */
  readonly appServers: readonly { server: string; readOnly: string | false; primary: DatacenterName }[];
  readonly writable: readonly SectionName[];
  readonly down: readonly SectionName[];
  /** Sections whose replica here is behind by more than it should be. */
  readonly behind: readonly { section: SectionName; lag: Millis }[];
  readonly edits: EditCounts;
  readonly deployLocks: readonly { host: string; reason: string }[];
  readonly maintenance: readonly {
    host: string;
    puppet: 'enabled' | 'disabled';
    periodicJobs: boolean;
    scripts: number;
  }[];
  /** Job runners that still talk to this datacenter although it is not pooled. */
  readonly jobRunnersBehind: number;
  readonly warmUpRounds: number;
}

/** The simulated world, for people. Plain data. */
export interface WorldLook {
  readonly at: Instant;
  /** As the state store says. */
  readonly primary: DatacenterName;
  readonly faults: readonly string[];
  readonly datacenters: readonly DatacenterLook[];
  /** Where each record leads clients of each datacenter, server by server; null refuses connections. */
  readonly records: readonly {
    record: string;
    servers: readonly { server: string; answers: Readonly<Record<DatacenterName, DatacenterName | null>> }[];
    /** What the recursor of each datacenter still has cached. */
    cached: Readonly<Record<DatacenterName, DatacenterName | null>>;
  }[];
  readonly edits: EditTotals;
}

/** Pure. */
export function lookAt(shape: WorldShape, state: Readonly<WorldState>): WorldLook {
  const nameOf = (side: Side | null): DatacenterName | null =>
    side === null ? null : shape.datacenters[side];
  const bySide = (value: (side: Side) => Side | null) =>
    Object.fromEntries(([0, 1] as const).map((side) => [shape.datacenters[side], nameOf(value(side))]));
  return {
    at: instant(state.at),
    primary: shape.datacenters[state.store.primary],
    faults: state.faults.map(faultText),
    datacenters: ([0, 1] as const).map((side) => lookAtDatacenter(shape, state, side)),
    records: shape.readWriteRecords.map((record, index) => ({
      record,
      servers: shape.dnsServers.map(({ name }, server) => ({
        server: name,
        answers: bySide((side) => pooledNearest(state.dnsServers[server]?.records[record], side)),
      })),
      cached: bySide((side) => state.recursors[index * 2 + side]?.answer ?? null),
    })),
    edits: editTotals(state),
  };
}

function lookAtDatacenter(shape: WorldShape, state: Readonly<WorldState>, side: Side): DatacenterLook {
  const name = shape.datacenters[side];
  const here = (hosts: Record<string, unknown>): string[] =>
    Object.keys(hosts).filter((host) => host.split('.').includes(name));
  const down = shape.sections.filter((_, section) => isDown(shape, state.faults, section, side));
  return {
    name,
    appServers: shape.appServers.flatMap(({ host, side: place }, index) => {
      const view = state.appServers[index];
      if (place !== side || view === undefined) return [];
      return [{ server: host, readOnly: view.readOnly, primary: shape.datacenters[view.primary] }];
    }),
    writable: shape.sections.filter((_, section) => writable(shape, state, section, side)),
    down,
    behind: shape.sections.flatMap((section, index) => {
      const log = state.sections[index]?.written[otherSide(side)];
      const lag = log === undefined ? 0 : state.at - executedUpTo(log, index, state.at);
      return lag > replicationDelay(index) ? [{ section, lag }] : [];
    }),
    edits: { ...state.edits[side] },
    deployLocks: here(state.hosts.deployLocks).flatMap((host) => {
      const reason = state.hosts.deployLocks[host];
      return typeof reason === 'string' ? [{ host, reason }] : [];
    }),
    maintenance: here(state.hosts.maintenance).flatMap((host) => {
      const found = state.hosts.maintenance[host];
      if (found === undefined) return [];
      const { disabled, periodicJobs } = found;
      const puppet = disabled === null ? ('enabled' as const) : ('disabled' as const);
      return [{ host, puppet, periodicJobs, scripts: maintenanceScripts(found) }];
    }),
    jobRunnersBehind: jobRunnersBehind(shape, state).filter((host) => host.split('.').includes(name)).length,
    warmUpRounds: state.warmth[side].rounds,
  };
}

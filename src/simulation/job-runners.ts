import type { HostName } from '../hosts/hosts.js';
import type { WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** Job runners with connections from a time when their datacenter was pooled, which it is not any more. Pure. */
export function jobRunnersBehind(shape: WorldShape, state: WorldState): HostName[] {
  const record = state.dnsServers[0]?.records[shape.readWriteRecords[0] ?? ''];
  if (record === undefined) return [];
  return shape.jobRunners
    .filter(({ host, side }) => state.hosts.jobConnections[host] === true && !record[side].pooled)
    .map(({ host }) => host);
}

import { faultsInForce } from './faults-in-force.js';
import { type Side, type WorldShape, otherSide } from './world-shape.js';
import type { DnsServerState, PoolView, RecordView, WorldState } from './world-state.js';

/** The datacenter that a record's answer names to a client, or null for the address that refuses connections. Pure. */
export function pooledNearest(record: RecordView | undefined, client: Side): Side | null {
  if (record === undefined) return null;
  if (record[client].pooled) return client;
  return record[otherSide(client)].pooled ? otherSide(client) : null;
}

/** A change in the store reaches each authoritative server after that server's delay. Changes the state. */
export function announceToDns(
  shape: WorldShape,
  state: WorldState,
  change: { record: string; side: Side; pool: PoolView },
): void {
  state.dnsServers.forEach((server, index) => {
    server.pending.push({ due: state.at + (shape.dnsServers[index]?.delay ?? 0), ...change });
  });
}

/** When the next server follows a change; Infinity when all have. Pure. */
export function nextDnsChange(shape: WorldShape, state: WorldState): number {
  let next = Infinity;
  state.dnsServers.forEach((server, index) => {
    const first = server.pending[0];
    if (first === undefined || isStuck(shape, state, index)) return;
    next = Math.min(next, first.due);
  });
  return next;
}

/** Servers take in what is due now. Changes the state. */
export function followDns(shape: WorldShape, state: WorldState): void {
  state.dnsServers.forEach((server, index) => {
    if (isStuck(shape, state, index)) return;
    let jobsMoved = false;
    while (server.pending[0] !== undefined && server.pending[0].due <= state.at) {
      const { record, side, pool } = server.pending[0];
      server.pending.shift();
      takeIn(server, record, side, pool);
      const host = shape.dnsServers[index]?.host;
      // The watcher that renders the server's files leaves an error file behind whenever a record changes under it.
      if (host !== undefined && shape.readWriteRecords.includes(record)) state.hosts.confdErrors[host] = true;
      jobsMoved ||= index === 0 && record === shape.readWriteRecords[0];
    }
    if (jobsMoved) connectJobRunners(shape, state);
  });
}

/** What was due while a server was stuck reaches it as if it had changed now. Changes the state. */
export function releaseDns(shape: WorldShape, state: WorldState, server: string): void {
  shape.dnsServers.forEach(({ name, delay }, index) => {
    if (name !== server) return;
    for (const change of state.dnsServers[index]?.pending ?? [])
      change.due = Math.max(change.due, state.at + delay);
  });
}

function isStuck(shape: WorldShape, state: WorldState, index: number): boolean {
  return state.faults.length > 0 && faultsInForce.dnsStuck(state.faults, shape.dnsServers[index]?.name ?? '');
}

function takeIn(server: DnsServerState, record: string, side: Side, pool: PoolView): void {
  const found = server.records[record] ?? [
    { pooled: false, ttl: pool.ttl },
    { pooled: false, ttl: pool.ttl },
  ];
  found[side] = pool;
  server.records[record] = found;
}

/**
 * Jobs go where the name leads once it leads there; connections that are open stay open, whatever the name says. What
 * was pooled and depooled again before the server could follow has never led anybody there.
 */
function connectJobRunners(shape: WorldShape, state: WorldState): void {
  const record = state.dnsServers[0]?.records[shape.readWriteRecords[0] ?? ''];
  for (const { host, side } of shape.jobRunners)
    if (record?.[side].pooled === true) state.hosts.jobConnections[host] = true;
}

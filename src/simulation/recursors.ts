import { SECOND } from '../domain/instant.js';
import type { HostName } from '../hosts/hosts.js';
import { pooledNearest } from './dns-servers.js';
import { faultsInForce } from './faults-in-force.js';
import type { Side, WorldShape } from './world-shape.js';
import type { RecursorState, WorldState } from './world-state.js';

/**
 * When a cached answer is next replaced by a different one; Infinity when none will be. An answer that is asked for
 * again and is the same changes nothing but its expiry, which can be computed. Pure.
 */
export function nextRecursorChange(shape: WorldShape, state: WorldState): number {
  let next = Infinity;
  state.recursors.forEach((recursor, group) => {
    const fresh = freshAnswer(shape, state, group);
    if (fresh === undefined || (fresh.answer === recursor.answer && fresh.ttl === recursor.ttl)) return;
    next = Math.min(next, expiryAfter(recursor, state.at));
  });
  return next;
}

/** Cached answers whose time is over now are asked for again. Changes the state. */
export function refreshRecursors(shape: WorldShape, state: WorldState): void {
  state.recursors.forEach((recursor, group) => {
    const expired = (state.at - recursor.expires) % recursor.ttl === 0 && state.at >= recursor.expires;
    const fresh = expired ? freshAnswer(shape, state, group) : undefined;
    if (fresh === undefined) return;
    state.recursors[group] = { ...fresh, expires: state.at + fresh.ttl };
  });
}

/** What a recursor has cached of these records is asked for again, now. Changes the state. */
export function wipeRecursorCache(
  shape: WorldShape,
  state: WorldState,
  host: HostName,
  records: readonly string[],
): void {
  for (const group of groupsOf(shape, host, records)) {
    const fresh = freshAnswer(shape, state, group);
    if (fresh !== undefined) state.recursors[group] = { ...fresh, expires: state.at + fresh.ttl };
  }
}

/**
 * Whether a recursor answers each of these records as an authoritative server does now; undefined where none answers it.
 * Pure.
 */
export function recursorIsCurrent(
  shape: WorldShape,
  state: WorldState,
  host: HostName,
  records: readonly string[],
): boolean | undefined {
  const known = groupsOf(shape, host, records).map((group) => ({
    cached: state.recursors[group]?.answer,
    fresh: freshAnswer(shape, state, group),
  }));
  if (known.some(({ fresh }) => fresh === undefined)) return undefined;
  return known.every(({ cached, fresh }) => cached === fresh?.answer);
}

/** Where the state has these records of a recursor; none for a host that is no recursor. */
function groupsOf(shape: WorldShape, host: HostName, records: readonly string[]): number[] {
  const recursor = shape.recursors.find((candidate) => candidate.host === host);
  if (recursor === undefined) return [];
  return shape.readWriteRecords.flatMap((record, index) =>
    records.includes(record) ? [index * 2 + recursor.side] : [],
  );
}

function expiryAfter(recursor: RecursorState, at: number): number {
  if (recursor.expires > at) return recursor.expires;
  return recursor.expires + (Math.floor((at - recursor.expires) / recursor.ttl) + 1) * recursor.ttl;
}

/** What a recursor would be told now, or undefined when no authoritative server answers it: then it keeps what it has. */
export function freshAnswer(
  shape: WorldShape,
  state: WorldState,
  group: number,
): { answer: Side | null; ttl: number } | undefined {
  const client: Side = group % 2 === 0 ? 0 : 1;
  const record = shape.readWriteRecords[Math.floor(group / 2)] ?? '';
  for (let attempt = 0; attempt < shape.dnsServers.length; attempt += 1) {
    const index = (client + attempt) % shape.dnsServers.length;
    const name = shape.dnsServers[index]?.name ?? '';
    if (state.faults.length > 0 && faultsInForce.dnsDown(state.faults, name)) continue;
    const view = state.dnsServers[index]?.records[record];
    const answer = pooledNearest(view, client);
    const seconds = view?.[answer ?? client].ttl ?? 0;
    return { answer, ttl: Math.max(1, seconds) * SECOND };
  }
  return undefined;
}

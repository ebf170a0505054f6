import { advance } from './advance.js';
import { announceToDns } from './dns-servers.js';
import type { StateChange } from './state-history.js';
import { type Side, type WorldShape, sideOf } from './world-shape.js';
import type { PoolView, StoreView, WorldState } from './world-state.js';
import { datacenter } from '../domain/names.js';

/** Lets time pass to a change of the state store and then lets it happen. Changes the state. */
export function followChange(shape: WorldShape, state: WorldState, change: StateChange): void {
  advance(shape, state, change.at);
  const record = layChange(shape, state.store, change);
  if (record !== undefined) announceToDns(shape, state, record);
  state.revision = change.revision;
}

export interface StoreDraft {
  primary: Side | undefined;
  readOnly: StoreView['readOnly'];
  records: StoreView['records'];
}

/** Lays one change over a view of the store; returns the discovery object that it was, if it was one. Changes `store`. */
export function layChange(
  shape: WorldShape,
  store: StoreDraft,
  change: Pick<StateChange, 'kind' | 'tags' | 'fields'>,
): { record: string; side: Side; pool: PoolView } | undefined {
  const { kind, tags, fields } = change;
  const name = tags['name'] ?? '';
  if (kind === 'mwconfig') layConfig(shape, store, tags['scope'] ?? '', name, fields['val'] ?? null);
  const side = sideOf(shape, datacenter(name));
  const record = tags['dnsdisc'];
  if (kind !== 'discovery' || side === undefined || record === undefined) return undefined;
  const pool = { pooled: fields['pooled'] === true, ttl: Number(fields['ttl'] ?? 0) };
  const found = store.records[record] ?? [
    { pooled: false, ttl: pool.ttl },
    { pooled: false, ttl: pool.ttl },
  ];
  found[side] = pool;
  store.records[record] = found;
  return { record, side, pool };
}

function layConfig(shape: WorldShape, store: StoreDraft, scope: string, name: string, value: unknown): void {
  if (name === 'ReadOnly') {
    const side = sideOf(shape, datacenter(scope));
    if (side !== undefined)
      store.readOnly[side] = typeof value === 'string' ? value : value === true && 'read-only';
  }
  if (name === 'WMFMasterDatacenter' && typeof value === 'string')
    store.primary = sideOf(shape, datacenter(value)) ?? store.primary;
}

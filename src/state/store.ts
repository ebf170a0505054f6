/**
 * State says what is active *now*: which discovery records are pooled, which datacenter is primary, whether the
 * wikis are read-only. This folder is the port to the store that holds it.
 *
 * Invariants: an object is written only with all its fields validated by its kind; several objects change in one
 * transaction or not at all; every write compares what it replaces and carries a lock's fence, so a process that
 * lost its lock cannot write. A reader never guesses: what is older than the store's own answer says so (`stale`).
 * What it does not do: decide what may be written (that is the permit's, src/access/permit.ts) or retry.
 */
import type { Instant } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { Authority } from '../domain/reason.js';
import type { Fence } from './locks.js';

/** `discovery`, `mwconfig`, `geodns`: see kinds.ts. */
export type KindName = 'discovery' | 'mwconfig' | 'geodns';

/** The tags and the name that make an object one of its kind, e.g. `{ dnsdisc: 'mw-web-rw', name: 'eqiad' }`. */
export type Tags = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, Json>>;

export interface StoredObject {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly fields: Fields;
  /** The store's revision of this object; 0 for one that has never been written. */
  readonly revision: number;
  /** Set when the store could not be reached and this is the last good value, read at that instant. */
  readonly stale?: Instant;
}

/** One pattern per tag, as `parseSelector` makes them. */
export interface Selector {
  readonly patterns: Readonly<Record<string, RegExp>>;
  readonly text: string;
}

export interface Change {
  readonly kind: KindName;
  readonly tags: Tags;
  /** Only the fields that change. */
  readonly from: Fields;
  readonly to: Fields;
}

export interface StateReader {
  /** Reads every object that matches. Throws StoreUnavailable when there is not even a last good value. */
  select(kind: KindName, where: Selector): Promise<StoredObject[]>;
  /** Each object as it is now, then each change, in the store's order, until the signal. */
  watch(kind: KindName, where: Selector, signal: AbortSignal): AsyncIterable<StoredObject>;
}

export interface StateWriter {
  /**
   * Writes all changes in one transaction, or none, then reads them back. Throws StateConflict when a field is not
   * what its change says it replaces, FenceLost when the lock has gone to somebody else, InvalidObject when a kind's
   * schema refuses, StoreUnavailable when it is certain that nothing was written, StoreUnknown when it is not.
   */
  replace(changes: readonly Change[], by: Authority, fence: Fence): Promise<StoredObject[]>;
}

export interface StateStore extends StateReader, StateWriter {
  /** Whether several objects really change in one transaction here (declared, and asserted by the contract suite). */
  readonly atomic: boolean;
}

/** `discovery/dnsdisc=mw-web-rw,name=eqiad`: one name for one object, in plans, digests and messages. */
export function objectName(kind: KindName, tags: Tags): string {
  const parts = Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, value]) => `${tag}=${value}`);
  return `${kind}/${parts.join(',')}`;
}

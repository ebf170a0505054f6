/**
 * The database primaries: one per section and datacenter, replicating in a circle.
 *
 * Invariants: access is a word, never a boolean; every write is re-read (SET GLOBAL can silently leave things as they
 * were); a server that does not answer is a result that says so, not an exception and not "read-only".
 * What it does not do: order statements (a task does), decide which server may become writable (the permit does).
 */
import type { Instant, Millis } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import type { Authority } from '../domain/reason.js';

export type Access = 'read-only' | 'read-write';

export interface PrimaryName {
  readonly section: SectionName;
  readonly datacenter: DatacenterName;
}

/** A GTID position as the server prints it, `101-101-207`; never empty (an empty position would be "reached" at once). */
export type Position = string & { readonly __brand: 'Position' };

export type Answer<T> =
  { readonly answered: true; readonly value: T } | { readonly answered: false; readonly because: string };

export interface PrimaryAccess {
  readonly primary: PrimaryName;
  readonly access: Answer<Access>;
  /** From `setAccess`, where it answers and is not what was asked for: what the server said. */
  readonly refused?: string;
}

export interface PrimaryPosition {
  readonly primary: PrimaryName;
  readonly position: Answer<Position>;
}

/** What shall become of a primary's replication: from that datacenter's primary of the same section, or none. */
export type ReplicationWanted =
  { readonly kind: 'running'; readonly from: DatacenterName } | { readonly kind: 'stopped' };

export interface ReplicationStatus {
  readonly primary: PrimaryName;
  /** Where it replicates from and whether both threads run. */
  readonly status: Answer<{ from: DatacenterName; running: boolean; lag?: Millis; problem?: string }>;
  /** From `setReplication`, where it was not done: what stood against it. */
  readonly refused?: string;
}

export interface Reached {
  readonly primary: PrimaryName;
  /** Whether this server has executed everything up to the position that was asked for. */
  readonly reached: Answer<boolean>;
}

export interface DatabaseReader {
  access(of: readonly PrimaryName[]): Promise<PrimaryAccess[]>;
  /** What each has written itself (its own GTID domain). */
  positions(of: readonly PrimaryName[]): Promise<PrimaryPosition[]>;
  /**
   * Waits at most `within` until each has executed the position given for it; all in parallel. A stopped replica
   * answers with `reached: false` at once and the problem in `replication`.
   */
  reached(
    of: readonly { primary: PrimaryName; position: Position }[],
    within: Millis,
    signal: AbortSignal,
  ): Promise<Reached[]>;
  replication(of: readonly PrimaryName[]): Promise<ReplicationStatus[]>;
  /** When the primary of the section in `writtenIn` last wrote its heartbeat, as seen on each of these. */
  heartbeats(
    of: readonly PrimaryName[],
    writtenIn: DatacenterName,
  ): Promise<{ primary: PrimaryName; seen: Answer<Instant> }[]>;
  /** How many application transactions are open on each. */
  openTransactions(of: readonly PrimaryName[]): Promise<{ primary: PrimaryName; open: Answer<number> }[]>;
}

export interface DatabaseWriter {
  /**
   * Sets the access of all in parallel and re-reads it. One that could not be set is a result, so that a part that
   * succeeded is known. `deadline` is how long one statement may wait for running ones.
   */
  setAccess(
    of: readonly PrimaryName[],
    access: Access,
    by: Authority,
    deadline: Millis,
  ): Promise<PrimaryAccess[]>;
  /**
   * Has all replicate from a datacenter's primaries of the same sections, or stop, in parallel, and re-reads what they
   * do. What is so already is left alone. A source is changed only where it is another one or none; replication goes on
   * from the GTID position that the server has, which is never reset. One that could not be changed is a result, and so
   * is one that does not run by the `deadline`, with its problem. Its own datacenter is refused as a source.
   */
  setReplication(
    of: readonly PrimaryName[],
    to: ReplicationWanted,
    by: Authority,
    deadline: Millis,
  ): Promise<ReplicationStatus[]>;
}

export type Databases = DatabaseReader & DatabaseWriter;

/** `s4.eqiad`: how a primary is named to people. */
export function primaryName(of: PrimaryName): string {
  return `${of.section}.${of.datacenter}`;
}

/** What stands against a source of replication whatever the servers say, or undefined. Pure. */
export function whyNoSource(of: PrimaryName, to: ReplicationWanted): string | undefined {
  if (to.kind === 'stopped' || to.from !== of.datacenter) return undefined;
  return `${primaryName(of)} cannot replicate from its own datacenter`;
}

import type { Millis } from '../domain/instant.js';
import type { Access } from '../databases/databases.js';
import type { Fault } from './fault.js';
import type { Side } from './world-shape.js';

/**
 * Everything that changes in the simulated world: plain data, so that a checkpoint is its JSON. Instants are
 * milliseconds since the epoch. It is changed in place, and only by `advance`, `followChange` and `applyInput`.
 */
export interface WorldState {
  /** Everything up to and including this instant has happened. */
  at: number;
  /** The revision of the state store up to which changes have happened. */
  revision: number;
  /** The state store's objects as the world needs them. */
  store: StoreView;
  faults: Fault[];
  /** In the order of the shape's app servers: what each has cached. */
  appServers: ConfigView[];
  /** In the order of the shape's authoritative servers. */
  dnsServers: DnsServerState[];
  /** One per read-write record and datacenter of the editors: record × 2 + side. */
  recursors: RecursorState[];
  /** In the order of the shape's sections. */
  sections: SectionState[];
  /** Edits that were begun and are not yet committed. */
  openEdits: OpenEdit[];
  edits: [EditCounts, EditCounts];
  /** Acknowledged to an editor, and then not in the wiki. */
  lostEdits: number;
  /** Edits saved lately, by slices of `ACTIVITY_SLICE`, oldest first. */
  recentEdits: { slice: number; saved: number }[];
  jobErrors: number;
  hosts: HostStates;
  /** Cache warm-up of each datacenter. */
  warmth: [Warmth, Warmth];
}

export interface StoreView {
  primary: Side;
  readOnly: [string | false, string | false];
  records: Record<string, RecordView>;
}

/** A discovery record: what each datacenter's object says. */
export type RecordView = [PoolView, PoolView];

export interface PoolView {
  pooled: boolean;
  /** Seconds. */
  ttl: number;
}

export interface ConfigView {
  primary: Side;
  readOnly: string | false;
}

export interface DnsServerState {
  records: Record<string, RecordView>;
  /** Changes that it will follow, in order. */
  pending: { due: number; record: string; side: Side; pool: PoolView }[];
}

export interface RecursorState {
  /** The datacenter that its cached answer names; undefined is the address that refuses connections. */
  answer: Side | null;
  ttl: Millis;
  expires: number;
}

export interface SectionState {
  access: [Access, Access];
  /** What each side has written, and how far the other has executed it. */
  written: [WriterLog, WriterLog];
  /** Edits that each side acknowledged in the present period of both being writable. */
  overlap: [number, number];
  /** The sides that were told not to replicate; absent where nobody ever was. */
  stopped?: Side[];
}

export interface WriterLog {
  /** Transactions that the other side has executed. */
  executed: number;
  /** Those that it has not. */
  pending: CommitRun[];
  /** How many of the pending ones have been counted as lost. */
  stranded: number;
  /** What was committed up to `upTo` is executed at `since`; from there it catches up, unless frozen. */
  replication: { upTo: number; since: number; frozen: boolean };
}

/** Commits at regular distances: `count` of them, the first at `first`. */
export interface CommitRun {
  first: number;
  step: Millis;
  count: number;
}

export interface OpenEdit {
  /** The attempt's number; it began at this times the distance between two. */
  attempt: number;
  appSide: Side;
  primary: Side;
}

/** By the datacenter whose app servers editors reached. attempted = saved + refused + errors + unreachable + still open. */
export interface EditCounts {
  attempted: number;
  saved: number;
  /** Told politely that the wiki is read-only. */
  refused: number;
  /** Shown a database error. */
  databaseErrors: number;
  /** Found no server. */
  unreachable: number;
}

export interface HostStates {
  deployLocks: Record<string, string | null>;
  maintenance: Record<string, MaintenanceState>;
  databases: Record<string, PuppetState>;
  /** Whether a job runner holds connections. */
  jobConnections: Record<string, boolean>;
  confdErrors: Record<string, boolean>;
}

export interface PuppetState {
  /** Why puppet is disabled, or null. */
  disabled: string | null;
  /** The primary datacenter that its last run knew. */
  appliedFor: Side;
}

export interface MaintenanceState extends PuppetState {
  periodicJobs: boolean;
  /** Scripts that go on although their jobs were stopped. */
  leftScripts: number;
}

export interface Warmth {
  rounds: number;
  lastAt: number;
}

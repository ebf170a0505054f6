import type { Instant } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type {
  Access,
  DatabaseReader,
  PrimaryAccess,
  PrimaryName,
  ReplicationStatus,
  ReplicationWanted,
} from '../databases/databases.js';
import type { DnsReader } from '../dns/dns.js';
import type { HostCommand, HostQuery, HostReader, HostResult } from '../hosts/hosts.js';
import type { SiteReader } from '../mediawiki/site.js';
import type { Change, StateReader, StoredObject } from '../state/store.js';
import type { TaskId } from './task-id.js';

/** What an earlier task recorded. Over an overlay: the `before` of the overlaid check, and no `done`. */
export interface Recalled {
  /** The first one it recorded. */
  readonly before: Json;
  readonly done?: Json;
}

/** Everything a check or a verify can see. Nothing here can write. */
export interface Readers {
  readonly state: StateReader;
  readonly databases: DatabaseReader;
  readonly dns: DnsReader;
  readonly site: SiteReader;
  readonly hosts: HostReader;
  readonly signal: AbortSignal;
  now(): Instant;
  recall(task: TaskId): Recalled | undefined;
}

/**
 * Everything an apply can do. Bound to a person, a reason, a run, a lock's fence and a permit; anything outside the
 * permit throws NotPermitted, whatever the task asks for.
 */
export interface Writers {
  readonly state: { replace(changes: readonly Change[]): Promise<StoredObject[]> };
  readonly databases: {
    setAccess(of: readonly PrimaryName[], access: Access): Promise<PrimaryAccess[]>;
    setReplication(of: readonly PrimaryName[], to: ReplicationWanted): Promise<ReplicationStatus[]>;
  };
  readonly hosts: { run(query: HostQuery, command: HostCommand): Promise<HostResult[]> };
  readonly signal: AbortSignal;
  now(): Instant;
}

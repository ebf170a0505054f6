import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { PrimaryName } from '../databases.js';

/** One configured server. */
export interface MariadbPrimary {
  readonly primary: PrimaryName;
  readonly host: string;
  readonly port: number;
  /** `host:port` as replicas name it in CHANGE MASTER TO, where that is not what it is reached by. */
  readonly knownAs?: readonly string[];
}

export interface ReplicationAccount {
  readonly user: string;
  readonly password: { reveal(): string };
}

export interface MariadbOptions {
  readonly primaries: readonly MariadbPrimary[];
  /**
   * Who connects. Needs READ_ONLY ADMIN (to write under read-only is part of it), SLAVE MONITOR, BINLOG MONITOR,
   * PROCESS, and SELECT on heartbeat.heartbeat; to change replication REPLICATION SLAVE ADMIN as well.
   */
  readonly user: string;
  readonly password: { reveal(): string };
  readonly tls: {
    /** The authority that must have signed the servers' certificates, PEM. */
    readonly authority: string;
    /** The name that the certificates are for, where it is not the host that is connected to. */
    readonly name?: string;
  };
  /** As whom a server logs in to the one that it replicates from. Without it no source can be changed. */
  readonly replication?: ReplicationAccount;
  /** How long a server may take to connect, and to answer a statement that has nothing to wait for; 2 s unless told. */
  readonly answerWithin?: Millis;
  /** Users whose transactions are not the application's: heartbeats, backups. Replication and `user` never count. */
  readonly notTheApplication?: readonly string[];
  readonly clock: Clock;
  /** What people should know: a server that stopped answering, and that it is back. Never a secret. */
  trouble(text: string): void;
}

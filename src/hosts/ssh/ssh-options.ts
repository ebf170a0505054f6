import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { Inventory } from '../inventory.js';
import type { Routes } from './routes.js';

/** How to log in: with a private key, or with the keys of an agent. */
export type SshCredentials =
  | {
      /** The key file's content, in OpenSSH's or a PEM format. */
      readonly privateKey: string | Buffer;
      readonly passphrase?: { reveal(): string };
    }
  | { readonly agentSocket: string };

export interface SshHostsOptions {
  readonly inventory: Inventory;
  readonly routes?: Routes;
  readonly credentials: SshCredentials;
  /** The content of one or several known_hosts files. */
  readonly knownHosts: string;
  readonly clock: Clock;
  /** What people should know: a connection that is lost or comes back, a line of known_hosts that cannot be read. */
  readonly trouble: (text: string) => void;
  /** How long a connection may take to be made; 10 s unless told. */
  readonly connectTimeout?: Millis;
  /** How often an idle connection is tried; three times without an answer end it. 5 s unless told. */
  readonly keepalive?: Millis;
  /** The wait before a lost connection is made again: doubled from the first to the longest. 0.5 s to 30 s unless told. */
  readonly retry?: { readonly first: Millis; readonly longest: Millis };
  /** Key exchanges that are offered, best first: OpenSSH's names. The library's own list unless told. */
  readonly keyExchanges?: readonly string[];
  /**
   * Commands at once on one connection; 4 unless told. A host allows 10 (MaxSessions), and counts those that have just
   * ended until it has tidied up after them; some are left to end commands.
   */
  readonly commandsAtOnce?: number;
  /** Connections that are made at the same time; 64 unless told. */
  readonly connectsAtOnce?: number;
}

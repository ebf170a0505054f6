import type { Millis } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import type { Secret } from './secret.js';

/** How the real world is reached, with every file read and every secret resolved. There is one or the world is simulated. */
export interface Connections {
  readonly etcd: EtcdConnection;
  readonly ssh: SshConnection;
  readonly mariadb: MariadbConnection;
  readonly resolver: ResolverConnection;
  readonly http: HttpConnection;
}

export interface EtcdConnection {
  readonly endpoints: readonly string[];
  readonly prefix: string;
  readonly ownPrefix: string;
  readonly user?: { readonly name: string; readonly password: Secret };
  /** PEM. */
  readonly tls?: {
    readonly authority: string;
    readonly client?: { readonly certificate: string; readonly key: Secret };
  };
}

export interface SshConnection {
  readonly credentials:
    { readonly privateKey: Secret; readonly passphrase?: Secret } | { readonly agentSocket: string };
  /** The text of all known_hosts files. */
  readonly knownHosts: string;
  readonly routes: readonly {
    readonly hosts: string;
    readonly user?: string;
    readonly port?: number;
    readonly jump?: string;
  }[];
  readonly addresses: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface MariadbConnection {
  readonly primaries: readonly (Endpoint & {
    readonly section: SectionName;
    readonly datacenter: DatacenterName;
    /** As what replicas name it, where that is something else. */
    readonly knownAs: readonly string[];
  })[];
  readonly user: string;
  readonly password: Secret;
  /** PEM. */
  readonly authority: string;
  readonly serverName?: string;
  readonly notTheApplication: readonly string[];
  /** As whom a server logs in to the one it replicates from. */
  readonly replication?: { readonly user: string; readonly password: Secret };
}

export interface ResolverConnection {
  readonly zone: string;
  readonly servers: readonly (Endpoint & { readonly name: string })[];
  readonly clients: Readonly<Record<string, string>>;
  readonly excluded: readonly { readonly server: string; readonly reason: string }[];
}

export interface HttpConnection {
  readonly appServers: readonly {
    readonly name: string;
    readonly datacenter: DatacenterName;
    readonly url: string;
  }[];
  readonly host?: string;
  readonly path: string;
  /** PEM. */
  readonly authority?: string;
  readonly timeout: Millis;
}

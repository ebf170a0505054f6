export interface LabWikiOptions {
  /** The first is primary now: its database is written to. */
  readonly datacenters: readonly LabWikiDatacenter[];
  readonly store: LabWikiStore;
  /** How long an app server may go on with the configuration it has read, in milliseconds. */
  readonly cacheLifetime: number;
  /** Runs a statement with every right on the database of the primary; it is replicated to the others. */
  readonly sql: (statement: string) => Promise<unknown>;
}

export interface LabWikiDatacenter {
  readonly name: string;
  /** The database server of the wiki's section here. */
  readonly database: Address;
  /** The same as the other datacenters reach it, where that is another way. */
  readonly databaseFromAfar?: Address;
  /** Names of the app servers. */
  readonly appServers: readonly string[];
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The state store, by the JSON gateway of etcd. */
export interface LabWikiStore {
  /** `http://host:port`; tried in turn. */
  readonly endpoints: readonly string[];
  /** `/conftool/v1` unless told. */
  readonly prefix?: string;
  /** For each endpoint, in milliseconds; 500 unless told. */
  readonly timeout?: number;
  /** Files. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly user?: string;
  readonly password?: string;
}

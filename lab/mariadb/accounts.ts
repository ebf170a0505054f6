/** An account of every database server of the lab. There is nothing to protect: the lab ends with its data. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

export const accounts = {
  /** Whoever switches: the least that it needs. */
  switching: { user: 'switchdc', password: 'lab-switching-password' },
  /** The servers themselves, to one another. */
  replication: { user: 'repl', password: 'lab-replication-password' },
  /** Writes to the database `app`; obeys read-only. */
  application: { user: 'editor', password: 'lab-application-password' },
  /** Writes heartbeats, read-only or not. */
  heartbeat: { user: 'heartbeat', password: 'lab-heartbeat-password' },
} as const satisfies Record<string, Account>;

/**
 * READ_ONLY ADMIN lets its holder write under read-only, so the application must never have it. Whoever comes over the
 * network comes over TLS.
 */
const grants: Readonly<Record<keyof typeof accounts, readonly string[]>> = {
  switching: [
    'READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, SLAVE MONITOR, BINLOG MONITOR, SELECT, RELOAD, PROCESS ON *.*',
  ],
  replication: ['REPLICATION SLAVE, BINLOG MONITOR ON *.*'],
  application: ['ALL ON app.*'],
  heartbeat: ['READ_ONLY ADMIN ON *.*', 'SELECT, INSERT, UPDATE, DELETE ON heartbeat.*'],
};

/** What a fresh server gets before it ever replicates, a statement each: accounts and tables. */
export const firstStatements: readonly string[] = [
  // The table of pt-heartbeat with the two columns that tell whose beat it is.
  'CREATE DATABASE heartbeat',
  `CREATE TABLE heartbeat.heartbeat (ts VARCHAR(26) NOT NULL, server_id INT UNSIGNED NOT NULL PRIMARY KEY,
     file VARCHAR(255), position BIGINT UNSIGNED, relay_master_log_file VARCHAR(255),
     exec_master_log_pos BIGINT UNSIGNED, shard VARCHAR(32), datacenter VARCHAR(32)) ENGINE=InnoDB`,
  'CREATE DATABASE app',
  'CREATE TABLE app.work (id VARCHAR(36) NOT NULL PRIMARY KEY, note TEXT) ENGINE=InnoDB',
  "INSERT INTO app.work VALUES ('held', 'the row that a held statement changes')",
  // For replication that shall break: see MariadbPairs.breakReplication.
  'CREATE DATABASE lab',
  'CREATE TABLE lab.clash (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB',
  ...(Object.keys(accounts) as (keyof typeof accounts)[]).flatMap((name) => {
    const { user, password } = accounts[name];
    const who = `'${user}'@'127.%'`;
    return [
      `CREATE USER ${who} IDENTIFIED BY '${password}' REQUIRE SSL`,
      ...grants[name].map((grant) => `GRANT ${grant} TO ${who}`),
    ];
  }),
];

import { setTimeout as sleep } from 'node:timers/promises';
import type { Millis } from '../src/domain/instant.js';
import type { DatacenterName, SectionName } from '../src/domain/names.js';
import type { PrimaryName } from '../src/databases/databases.js';
import type { LabGround } from './lab-ground.js';
import { accounts } from './mariadb/accounts.js';
import { type Certificates, makeCertificates } from './mariadb/certificates.js';
import { type Row, connectTo } from './mariadb/connect.js';
import { HeartbeatWriter } from './mariadb/heartbeat-writer.js';
import { type HeldTransaction, type HeldWork, holdStatement, holdTransaction } from './mariadb/held-work.js';
import { MariadbServer } from './mariadb/mariadb-server.js';
import { dataTemplate } from './mariadb/template.js';
import { TcpProxy } from './tcp-proxy.js';

export interface MariadbPairsOptions {
  readonly sections: readonly SectionName[];
  /** The first one is primary in the first state. */
  readonly datacenters: readonly [DatacenterName, DatacenterName];
  /** What one way between the datacenters takes; nothing unless told. 16.5 ms make a round trip of 33 ms. */
  readonly linkDelay?: Millis;
  /** Between two heartbeats; a second unless told. */
  readonly heartbeat?: Millis;
  /** Added to the arguments of every server: `--innodb-buffer-pool-size=64M`. */
  readonly serverArguments?: readonly string[];
}

/** How long anything may take to come back to the first state. */
const RESET_WITHIN: Millis = 20_000;

/**
 * The database primaries of two datacenters: one server for each section and datacenter, replicating in a circle over
 * TLS, each with a GTID domain of its own.
 */
export class MariadbPairs implements AsyncDisposable {
  #held: HeldWork[] = [];

  private constructor(
    private readonly options: MariadbPairsOptions,
    readonly servers: readonly MariadbServer[],
    /** Who signed the servers' certificate. */
    readonly certificates: Certificates,
    private readonly heartbeats: readonly HeartbeatWriter[],
  ) {}

  static async open(ground: LabGround, options: MariadbPairsOptions): Promise<MariadbPairs> {
    const port = await ground.ports.next();
    const places = placesOf(ground, options);
    const addresses = places.flatMap(({ host, linkHost }) => [host, linkHost]);
    const [template, certificates, links] = await Promise.all([
      dataTemplate(ground),
      makeCertificates(ground.folderFor('mariadb-certificates'), addresses),
      Promise.all(
        places.map(({ host, linkHost }) => TcpProxy.open({ host: linkHost, port }, { host, port })),
      ),
    ]);
    const servers = places.flatMap(({ primary, id, host }, index) => {
      const across = links[index];
      if (across === undefined) return [];
      across.delay(options.linkDelay ?? 0);
      const args = options.serverArguments ?? [];
      return [new MariadbServer(ground, { primary, id, host, port, across, certificates, args })];
    });
    await Promise.all(servers.map((server) => server.startFrom(template)));
    const heartbeats = servers.map(
      (server) =>
        new HeartbeatWriter(server.loginOf(accounts.heartbeat), server.primary, options.heartbeat ?? 1_000),
    );
    const pairs = new MariadbPairs(options, servers, certificates, heartbeats);
    await pairs.#forAll((server) => pairs.connectReplica(server.primary));
    await pairs.reset();
    return pairs;
  }

  server(of: PrimaryName): MariadbServer {
    const found = this.servers.find(
      ({ primary }) => primary.section === of.section && primary.datacenter === of.datacenter,
    );
    if (found === undefined) throw new Error(`the lab has no database ${of.section}.${of.datacenter}`);
    return found;
  }

  /** The server of the same section in the other datacenter. */
  partnerOf({ primary: { section, datacenter } }: MariadbServer): MariadbServer {
    const [first, second] = this.options.datacenters;
    return this.server({ section, datacenter: datacenter === first ? second : first });
  }

  /** Runs a statement as root where it is replicated from: on the section's server in the first datacenter. */
  onPrimary(section: SectionName, statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.server({ section, datacenter: this.options.datacenters[0] }).sql(statement, values);
  }

  /** Commits a transaction of the application; rejects when the server refuses it. */
  async write(of: PrimaryName, note: string): Promise<void> {
    const connection = await connectTo(this.server(of).loginOf(accounts.application));
    try {
      await connection.query('INSERT INTO app.work VALUES (UUID(), ?)', [note]);
    } finally {
      connection.destroy();
    }
  }

  async holdTransaction(of: PrimaryName, note = 'held'): Promise<HeldTransaction> {
    return this.#holding(await holdTransaction(this.server(of), note));
  }

  async holdStatement(of: PrimaryName): Promise<HeldWork> {
    return this.#holding(await holdStatement(this.server(of)));
  }

  /** One server stops executing what the other one writes; it still receives it. */
  async stopReplication(of: PrimaryName): Promise<void> {
    await this.server(of).sql('STOP SLAVE SQL_THREAD');
  }

  /** Replicates from the other datacenter as at first, whatever it did before. */
  async connectReplica(of: PrimaryName): Promise<void> {
    const server = this.server(of);
    await server.replicateFrom(this.partnerOf(server), accounts.replication);
  }

  async startReplication(of: PrimaryName): Promise<void> {
    await this.server(of).sql('START SLAVE');
  }

  /** The next thing that comes over cannot be executed: both sides have written the same row. */
  async breakReplication(of: PrimaryName): Promise<void> {
    const server = this.server(of);
    const partner = this.partnerOf(server);
    const [last] = await partner.sql('SELECT COALESCE(MAX(id), 0) AS id FROM lab.clash');
    const row = `INSERT INTO lab.clash VALUES (${Number(last?.['id']) + 1})`;
    await server.sqlOfItsOwn(row);
    await partner.sql(row);
    while (await server.isReplicating()) await sleep(5);
  }

  /**
   * Back to the first state: every server runs, the first datacenter is primary, replication runs both ways and has
   * caught up, nothing is held. What was written stays.
   */
  async reset(): Promise<void> {
    const late = setLimit(RESET_WITHIN);
    try {
      await Promise.race([late.passed, this.#reset()]);
    } finally {
      late.clear();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forAll((server) => server.close());
    // After the servers: a beat that waits for a frozen one has ended now.
    await Promise.all(this.heartbeats.map((writer) => writer[Symbol.asyncDispose]()));
    await this.#forAll((server) => server.across[Symbol.asyncDispose]());
  }

  async #reset(): Promise<void> {
    await this.#forAll(async (server) => {
      server.across.mend();
      server.process.thaw();
      await server.process.start();
    });
    await Promise.all(this.#held.map((work) => work.release()));
    this.#held = [];
    await this.#forAll((server) => server.sql('SET GLOBAL read_only=1'));
    await this.#forAll(async (server) => {
      if (!(await server.isReplicating())) await repair(server);
    });
    await this.#forAll(async (server) => {
      const position = await server.position();
      if (position !== '' && !(await this.partnerOf(server).hasExecuted(position)))
        throw new Error(`${server.process.spec.name}: the other datacenter does not catch up`);
    });
    const [first] = this.options.datacenters;
    await this.#forAll(async (server) => {
      if (server.primary.datacenter === first) await server.sql('SET GLOBAL read_only=0');
    });
  }

  #holding<T extends HeldWork>(work: T): T {
    this.#held.push(work);
    return work;
  }

  async #forAll(what: (server: MariadbServer) => Promise<unknown>): Promise<void> {
    await Promise.all(this.servers.map(what));
  }
}

/** Where each server is to listen, and where the line to it from the other datacenter does. */
function placesOf(ground: LabGround, { sections, datacenters }: MariadbPairsOptions) {
  return datacenters.flatMap((datacenter, side) =>
    sections.map((section, index) => ({
      primary: { section, datacenter },
      id: (side + 1) * 100 + index + 1,
      host: ground.ports.address(40 + side, index + 1),
      linkHost: ground.ports.address(50 + side, index + 1),
    })),
  );
}

/** Whatever stopped it: what clashes goes, and it begins anew where it had stopped. */
async function repair(server: MariadbServer): Promise<void> {
  await server.sql('STOP SLAVE');
  await server.sqlOfItsOwn('DELETE FROM lab.clash');
  await server.sql('START SLAVE');
  while (!(await server.isReplicating())) await sleep(5);
}

function setLimit(within: Millis): { passed: Promise<never>; clear(): void } {
  const stop = new AbortController();
  const passed = sleep(within, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`the databases did not come back to their first state within ${within} ms`);
  });
  passed.catch(() => undefined);
  return { passed, clear: () => stop.abort() };
}

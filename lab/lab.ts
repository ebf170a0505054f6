import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { coreDatacenters } from '../src/domain/installation.js';
import { section } from '../src/domain/names.js';
import { expandHostQuery } from '../src/hosts/host-query.js';
import { defaultObjects } from '../src/simulation/default-objects.js';
import { bootHosts } from './boot-hosts.js';
import { type Editors, openEditors } from './editors.js';
import { type EtcdCluster, openEtcdCluster } from './etcd-cluster.js';
import { type GdnsdPair, openGdnsdPair } from './gdnsd-pair.js';
import { clientNetworks, writeLabConfig } from './lab-config.js';
import { LabGround } from './lab-ground.js';
import { type LabOptions, type LabSettings, labSettings } from './lab-settings.js';
import { MariadbPairs } from './mariadb-pairs.js';
import { programsFolder } from './programs-folder.js';
import { putObjects } from './put-objects.js';
import { type LabRecursor, openRecursor } from './recursor.js';
import { openSshHosts, type SshHosts } from './ssh-hosts.js';
import { accounts } from './wiki/accounts.js';
import { type LabWiki, openLabWiki } from './wiki/lab-wiki.js';

/** Where the objects are in the store, and where switchdc keeps what is its own. */
const PREFIXES = ['/conftool/v1', '/switchdc/v1'] as const;

/**
 * Two datacenters on loopback, made of real servers: a state store, database primaries, hosts, name servers and a wiki,
 * with programs on the hosts that do what production's do. Everything of it can be broken, and brought back.
 */
export class Lab implements AsyncDisposable {
  private constructor(
    readonly ground: LabGround,
    readonly settings: LabSettings,
    readonly etcd: EtcdCluster,
    readonly databases: MariadbPairs,
    readonly hosts: SshHosts,
    readonly dns: GdnsdPair,
    readonly recursor: LabRecursor,
    readonly wiki: LabWiki,
    /** The configuration file of an installation that has this lab for its world. */
    readonly configFile: string,
  ) {}

  /** Starts everything, what does not need each other at the same time. */
  static async open(options: LabOptions = {}): Promise<Lab> {
    const settings = labSettings(userInfo().username, options);
    const ground = await LabGround.open();
    try {
      return await start(ground, settings, options, (...parts) => new Lab(...parts));
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Editors of the wiki who have logged in and have not begun to write. */
  editors(perDatacenter = 1): Promise<Editors> {
    return openEditors({ appServers: this.wiki.appServers, bot: this.wiki.accounts.bot, perDatacenter });
  }

  /**
   * Back to the first state, whatever was broken or switched: the primary is where it was, everything runs and answers.
   * What editors have written stays.
   */
  async reset(): Promise<void> {
    await this.etcd.restore();
    const objects = defaultObjects(this.settings.installation, this.settings.primary);
    await putObjects(this.etcd.endpoints[0] ?? '', objects, PREFIXES);
    await Promise.all([
      this.databases.reset(),
      this.wiki.mend(),
      ...this.dns.servers.flatMap(({ server, agent }) => [server, agent].map((one) => revive(one))),
      Promise.all(this.hosts.hosts.map((host) => host.mend())).then(() => bootHosts(this.hosts.hosts)),
    ]);
    // Last: MediaWiki remembers for some seconds that a database was read-only.
    await this.wiki.editableEverywhere(this.settings.primary);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.databases, this.etcd].map((part) => part[Symbol.asyncDispose]()));
    await this.ground[Symbol.asyncDispose]();
  }
}

async function revive(server: { thaw(): void; start(): Promise<unknown> }): Promise<void> {
  server.thaw();
  await server.start();
}

type MakeLab = (
  ...parts: [
    LabGround,
    LabSettings,
    EtcdCluster,
    MariadbPairs,
    SshHosts,
    GdnsdPair,
    LabRecursor,
    LabWiki,
    string,
  ]
) => Lab;

async function start(
  ground: LabGround,
  settings: LabSettings,
  options: LabOptions,
  make: MakeLab,
): Promise<Lab> {
  const { installation, primary, secondary, linkDelay } = settings;
  const wikiSection = installation.sections.at(-1) ?? section('s1');
  const startDatabases = MariadbPairs.open(ground, {
    sections: installation.sections,
    datacenters: [primary, secondary],
    linkDelay,
    serverArguments: [
      '--max-connections=200',
      '--innodb-buffer-pool-size=32M',
      '--character-set-server=binary',
    ],
  });
  // Whoever fails first is told; the others end with the ground.
  startDatabases.catch(() => undefined);
  const etcd = await openEtcdCluster(ground);
  await putObjects(etcd.endpoints[0] ?? '', defaultObjects(installation, primary), PREFIXES);

  const startNames = startDns(ground, settings, etcd);
  startNames.catch(() => undefined);
  const databases = await startDatabases;
  const place = (dc: string) => databases.server({ section: wikiSection, datacenter: dc as never });
  const startWiki = openLabWiki(ground, {
    datacenters: [primary, secondary].map((name) => {
      const { host, port, across } = place(name);
      return {
        name,
        database: { host, port },
        databaseFromAfar: { host: across.host, port: across.port },
        appServers: settings.inventory.hosts.filter(
          (host_) => host_.startsWith('mw') && !host_.startsWith('mwmaint') && host_.includes(`.${name}.`),
        ),
      };
    }),
    store: { endpoints: etcd.endpoints },
    cacheLifetime: installation.wiki.configCacheLifetime,
    sql: (statement) => databases.onPrimary(wikiSection, statement),
  });
  startWiki.catch(() => undefined);
  const { dns, recursor } = await startNames;
  const wiki = await startWiki;
  const hosts = await openSshHosts(ground, {
    hosts: settings.inventory.hosts,
    programs: programsFolder(),
    env: (host) => hostEnvironment({ ground, settings, etcd, dns, recursor, wiki }, host),
  });
  await bootHosts(hosts.hosts);
  const file = writeLabConfig({ ground, settings, etcd, databases, hosts, dns, wiki }, options.config ?? {});
  return make(ground, settings, etcd, databases, hosts, dns, recursor, wiki, file);
}

async function startDns(
  ground: LabGround,
  { installation, file }: LabSettings,
  etcd: EtcdCluster,
): Promise<{ dns: GdnsdPair; recursor: LabRecursor }> {
  const { addresses } = file['dns'] as { addresses: Record<string, Record<string, string>> };
  const dns = await openGdnsdPair(ground, {
    datacenters: coreDatacenters(installation).map((name) => ({ name, clients: clientNetworks[name] ?? '' })),
    records: installation.wiki.readWriteRecords.map((name) => ({
      name,
      pooledIn: 'one',
      addresses: addresses[name] ?? {},
    })),
    etcd: etcd.endpoints,
    servers: installation.dns.servers,
  });
  return { dns, recursor: await openRecursor(ground, dns) };
}

interface HostWorld {
  readonly ground: LabGround;
  readonly settings: LabSettings;
  readonly etcd: EtcdCluster;
  readonly dns: GdnsdPair;
  readonly recursor: LabRecursor;
  readonly wiki: LabWiki;
}

/** What the programs on a host find in their environment: see lab/programs. */
function hostEnvironment(world: HostWorld, host: string): Record<string, string> {
  const { ground, settings, etcd, dns, recursor, wiki } = world;
  const datacenter = coreDatacenters(settings.installation).find((dc) => host.includes(`.${dc}.`)) ?? '';
  const own = wiki.appServers.filter((server) => server.datacenter === datacenter);
  const nameServer = dns.servers.find(({ name }) => host.startsWith(`${name}.`));
  const isRecursor = expandHostQuery('A:dns-rec', settings.inventory).includes(host);
  return {
    LAB_DC: datacenter,
    LAB_SHARED: ground.folderFor('shared'),
    LAB_ETCD: etcd.endpoints.join(','),
    LAB_NODE: process.execPath,
    LAB_APP_SERVERS: wiki.appServers.map((server) => `${server.datacenter}=${server.url}`).join(','),
    LAB_WIKI_API: `${own[0]?.url ?? ''}/api.php`,
    LAB_WIKI_USER: accounts.bot.user,
    LAB_WIKI_PASSWORD_FILE: passwordFile(ground),
    ...(nameServer === undefined ? {} : { LAB_CONFD: nameServer.states }),
    // One recursor stands for those of both datacenters: it is told where its clients are.
    ...(isRecursor ? recursor.environment(clientNetworks[datacenter] ?? '') : {}),
  };
}

function passwordFile(ground: LabGround): string {
  const file = path.join(ground.folderFor('config'), 'bot-password');
  writeFileSync(file, accounts.bot.password, { mode: 0o600 });
  return file;
}

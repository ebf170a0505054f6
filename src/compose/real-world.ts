import type { Config } from '../config/config.js';
import type { Connections } from '../config/connections.js';
import { openMariadbDatabases } from '../databases/mariadb/mariadb-databases.js';
import { resolverDns } from '../dns/resolver/resolver-dns.js';
import type { Clock } from '../domain/clock.js';
import { SECOND } from '../domain/instant.js';
import { openSshHosts, type SshHosts } from '../hosts/ssh/open-ssh-hosts.js';
import type { Inventory } from '../hosts/inventory.js';
import { openHttpSite } from '../mediawiki/http/http-site.js';
import { usualTimes } from '../state/etcd/etcd-options.js';
import { openEtcd } from '../state/etcd/open-etcd.js';
import type { ComposedWorld } from './composed-world.js';

export interface RealWorldParts {
  readonly config: Config;
  readonly connections: Connections;
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** Something that people should know, and that no run's journal tells. */
  trouble(text: string): void;
}

/** A lost datagram is asked for again after this; a server that is down costs a look the second. */
const RESEND_AFTER = SECOND / 4;
const GIVE_UP_AFTER = SECOND;

/** The real servers behind the ports. Opening waits for none of them: what cannot be reached says so when it is asked. */
export async function composeRealWorld(parts: RealWorldParts): Promise<ComposedWorld> {
  const { config, connections, inventory, clock } = parts;
  const trouble = (text: string): void => {
    parts.trouble(text);
  };
  const { etcd, ssh, mariadb, resolver, http } = connections;
  const store = await openEtcd({
    endpoints: etcd.endpoints,
    prefix: etcd.prefix,
    ownPrefix: etcd.ownPrefix,
    ...(etcd.user && { user: etcd.user }),
    ...(etcd.tls && {
      tls: {
        authority: Buffer.from(etcd.tls.authority),
        ...(etcd.tls.client && {
          client: {
            certificate: Buffer.from(etcd.tls.client.certificate),
            key: etcd.tls.client.key,
          },
        }),
      },
    }),
    times: usualTimes,
    clock,
    steady: () => performance.now(),
    trouble,
  });
  const hosts = openHosts(parts, ssh, inventory);
  const databases = await openMariadbDatabases({
    primaries: mariadb.primaries.map(({ section, datacenter, host, port, knownAs }) => ({
      primary: { section, datacenter },
      host,
      port,
      knownAs,
    })),
    user: mariadb.user,
    password: mariadb.password,
    tls: {
      authority: mariadb.authority,
      ...(mariadb.serverName !== undefined && { name: mariadb.serverName }),
    },
    notTheApplication: mariadb.notTheApplication,
    ...(mariadb.replication && { replication: mariadb.replication }),
    clock,
    trouble,
  });
  const site = await openHttpSite({
    appServers: http.appServers,
    ...(http.host !== undefined && { host: http.host }),
    path: http.path,
    ...(http.authority !== undefined && { ca: http.authority }),
    timeout: http.timeout,
    clock,
    trouble,
  });
  const dns = resolverDns({
    clock,
    servers: resolver.servers.map(({ name, host, port }) => ({ name, address: host, port })),
    zone: resolver.zone,
    clients: resolver.clients,
    addresses: config.dns.addresses,
    excluded: resolver.excluded,
    resendAfter: RESEND_AFTER,
    giveUpAfter: GIVE_UP_AFTER,
  });
  return {
    clock,
    ports: { state: store.state, locks: store.locks, databases, dns, site, hosts },
    warm() {
      void warmUp(hosts, config, trouble);
    },
    async close() {
      await Promise.all([hosts, databases, site, store].map((opened) => opened[Symbol.asyncDispose]()));
    },
  };
}

function openHosts(parts: RealWorldParts, ssh: Connections['ssh'], inventory: Inventory): SshHosts {
  return openSshHosts({
    inventory,
    routes: { rules: ssh.routes, addresses: ssh.addresses },
    credentials:
      'agentSocket' in ssh.credentials
        ? ssh.credentials
        : {
            privateKey: ssh.credentials.privateKey.reveal(),
            ...(ssh.credentials.passphrase && { passphrase: ssh.credentials.passphrase }),
          },
    knownHosts: ssh.knownHosts,
    clock: parts.clock,
    trouble: (text) => {
      parts.trouble(text);
    },
  });
}

/** Every host that an operation names, in either datacenter: a switchover goes both ways. */
async function warmUp(hosts: SshHosts, config: Config, trouble: (text: string) => void): Promise<void> {
  const datacenters = [config.datacenters.northern.name, config.datacenters.southern.name];
  const queries = Object.values(config.hosts?.operations ?? {}).flatMap(({ on }) =>
    datacenters.map((dc) => on.replace(/\{(dc|from|to)\}/g, dc)),
  );
  const cold = await hosts.warm([...new Set(queries)].map((query) => `(${query})`).join(' or '));
  for (const { host, because } of cold) trouble(`${host} cannot be reached: ${because}`);
}

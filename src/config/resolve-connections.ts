import { datacenter, section } from '../domain/names.js';
import type { Connections, SshConnection } from './connections.js';
import type { Misfit } from './misfit.js';
import type { ConfigPath } from './path-text.js';
import { endpointOf, Reading } from './reading.js';
import type { SecretSources } from './resolve-secrets.js';
import type { ConnectionsSection } from './schema/connections-section.js';
import type { Secret } from './secret.js';

export interface ResolvedConnections {
  readonly connections: Connections;
  /** All secrets among them, for whoever has to keep them out of texts. */
  readonly secrets: readonly Secret[];
}

/** All of the world's; chats are apart. */
export type Whole = Required<Omit<ConnectionsSection, 'irc' | 'slack'>>;

/** Reads every file that the connections name: certificates, keys, passwords, known hosts. All mistakes at once. */
export async function resolveConnections(
  written: Whole,
  sources: SecretSources,
): Promise<ResolvedConnections | { readonly misfits: readonly Misfit[] }> {
  const reading = new Reading(sources);
  const { etcd, ssh, mariadb, resolver, http } = written;
  const of = (...path: string[]): ConfigPath => ['connections', ...path];

  const etcdPassword = await reading.optional(etcd.user?.password, of('etcd', 'user', 'password'));
  const etcdAuthority = await reading.file(etcd.tls?.authority, of('etcd', 'tls', 'authority'));
  const etcdCertificate = await reading.file(etcd.tls?.certificate, of('etcd', 'tls', 'certificate'));
  const etcdKey = await reading.optional(etcd.tls?.key, of('etcd', 'tls', 'key'));
  const privateKey = await reading.optional(ssh.privateKey, of('ssh', 'privateKey'));
  const passphrase = await reading.optional(ssh.passphrase, of('ssh', 'passphrase'));
  const knownHosts: string[] = [];
  for (const [index, file] of ssh.knownHosts.entries())
    knownHosts.push((await reading.file(file, [...of('ssh', 'knownHosts'), index])) ?? '');
  const databasePassword = await reading.secret(mariadb.password, of('mariadb', 'password'));
  const databaseAuthority = await reading.file(mariadb.authority, of('mariadb', 'authority'));
  const replicationPassword = await reading.optional(
    mariadb.replication?.password,
    of('mariadb', 'replication', 'password'),
  );
  const wikiAuthority = await reading.file(http.authority, of('http', 'authority'));
  if (reading.misfits.length > 0) return { misfits: reading.misfits };

  const credentials: SshConnection['credentials'] =
    privateKey === undefined
      ? { agentSocket: ssh.agent ?? '' }
      : { privateKey, ...(passphrase && { passphrase }) };
  const client = etcdCertificate !== undefined &&
    etcdKey !== undefined && { client: { certificate: etcdCertificate, key: etcdKey } };
  return {
    secrets: reading.secrets,
    connections: {
      etcd: {
        endpoints: etcd.endpoints,
        prefix: etcd.prefix,
        ownPrefix: etcd.ownPrefix,
        ...(etcd.user !== undefined &&
          etcdPassword && { user: { name: etcd.user.name, password: etcdPassword } }),
        ...(etcdAuthority !== undefined && { tls: { authority: etcdAuthority, ...client } }),
      },
      ssh: {
        credentials,
        knownHosts: knownHosts.join('\n'),
        routes: ssh.routes.map(withoutUndefined),
        addresses: ssh.addresses,
      },
      mariadb: {
        primaries: Object.entries(mariadb.primaries).flatMap(([name, sides]) =>
          Object.entries(sides).map(([dc, at]) => ({
            section: section(name),
            datacenter: datacenter(dc),
            knownAs: mariadb.knownAs[name]?.[dc] ?? [],
            ...endpointOf(at),
          })),
        ),
        user: mariadb.user,
        password: databasePassword,
        authority: databaseAuthority ?? '',
        ...(mariadb.serverName !== undefined && { serverName: mariadb.serverName }),
        notTheApplication: mariadb.notTheApplication,
        ...(mariadb.replication !== undefined &&
          replicationPassword && {
            replication: { user: mariadb.replication.user, password: replicationPassword },
          }),
      },
      resolver: {
        zone: resolver.zone,
        servers: Object.entries(resolver.servers).map(([name, at]) => ({ name, ...endpointOf(at) })),
        clients: resolver.clients,
        excluded: resolver.excluded,
      },
      http: {
        appServers: Object.entries(http.appServers).flatMap(([dc, servers]) =>
          Object.entries(servers).map(([name, url]) => ({ name, datacenter: datacenter(dc), url })),
        ),
        ...(http.host !== undefined && { host: http.host }),
        path: http.path,
        ...(wikiAuthority !== undefined && { authority: wikiAuthority }),
        timeout: http.timeout,
      },
    },
  };
}

function withoutUndefined(route: Whole['ssh']['routes'][number]): SshConnection['routes'][number] {
  const { hosts, user, port, jump } = route;
  return {
    hosts,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(jump !== undefined && { jump }),
  };
}

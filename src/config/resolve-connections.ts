import { datacenter, section } from '../domain/names.js';
import type { Connections, Endpoint, SshConnection } from './connections.js';
import type { Misfit } from './misfit.js';
import type { ConfigPath } from './path-text.js';
import { type SecretSources, readText, resolveSecret } from './resolve-secrets.js';
import type { ConnectionsSection } from './schema/connections-section.js';
import type { SecretReference } from './schema/secret-section.js';
import { Secret } from './secret.js';

export interface ResolvedConnections {
  readonly connections: Connections;
  /** All secrets among them, for whoever has to keep them out of texts. */
  readonly secrets: readonly Secret[];
}

type Whole = Required<ConnectionsSection>;

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

/** Reads one thing after the other, and keeps what is wrong with them for the end. */
class Reading {
  readonly misfits: Misfit[] = [];
  readonly secrets: Secret[] = [];

  constructor(private readonly sources: SecretSources) {}

  async secret(reference: SecretReference, path: ConfigPath): Promise<Secret> {
    const found = await resolveSecret(reference, path, this.sources);
    if (found instanceof Secret) {
      this.secrets.push(found);
      return found;
    }
    this.misfits.push(found);
    return new Secret('');
  }

  async optional(reference: SecretReference | undefined, path: ConfigPath): Promise<Secret | undefined> {
    return reference === undefined ? undefined : this.secret(reference, path);
  }

  async file(name: string | undefined, path: ConfigPath): Promise<string | undefined> {
    if (name === undefined) return undefined;
    const text = await readText(name, this.sources.readFile);
    if (typeof text === 'string') return text;
    this.misfits.push({ path, found: text.problem, expected: 'a file that can be read' });
    return undefined;
  }
}

/** `10.0.0.1:53`, `[::1]:53`, `ns0.example.org:53`. */
function endpointOf(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
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

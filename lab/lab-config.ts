import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accounts } from './mariadb/accounts.js';
import { labOperations } from './operations.js';
import type { EtcdCluster } from './etcd-cluster.js';
import type { GdnsdPair } from './gdnsd-pair.js';
import type { LabGround } from './lab-ground.js';
import type { LabSettings } from './lab-settings.js';
import type { MariadbPairs } from './mariadb-pairs.js';
import type { SshHosts } from './ssh-hosts.js';
import type { LabWiki } from './wiki/lab-wiki.js';

/** The networks that clients of each datacenter are in, as gdnsd knows them. */
export const clientNetworks: Readonly<Record<string, string>> = {
  eqiad: '10.64.0.0/16',
  codfw: '10.192.0.0/16',
};

export interface LabParts {
  readonly ground: LabGround;
  readonly settings: LabSettings;
  readonly etcd: EtcdCluster;
  readonly databases: MariadbPairs;
  readonly hosts: SshHosts;
  readonly dns: GdnsdPair;
  readonly wiki: LabWiki;
}

/** Writes the configuration file of an installation that has this lab for its world; returns its path. */
export function writeLabConfig(parts: LabParts, more: Readonly<Record<string, unknown>>): string {
  const { ground, settings, etcd, databases, hosts, dns, wiki } = parts;
  const file = (name: string, text: string): string => {
    const where = path.join(ground.folderFor('config'), name);
    writeFileSync(where, text, { mode: 0o600 });
    return where;
  };
  const millis = (length: number): string => `${length / 1_000} s`;
  const operations = Object.entries(labOperations()).map(([name, { on, run, probe, wanted }]) => {
    const { argv, okCodes, timeout, batch, successThreshold } = run;
    const paused = batch && { batch: { size: batch.size, pause: millis(batch.pause) } };
    return [
      name,
      {
        on,
        run: { argv, okCodes, timeout: millis(timeout), successThreshold, ...paused },
        probe: {
          argv: probe.argv,
          okCodes: probe.okCodes,
          timeout: millis(probe.timeout),
          fact: probe.fact ?? name,
        },
        wanted,
      },
    ];
  });
  const primaries: Record<string, Record<string, string>> = {};
  for (const { primary, host, port } of databases.servers)
    (primaries[primary.section] ??= {})[primary.datacenter] = `${host}:${port}`;
  const knownAs: Record<string, Record<string, string[]>> = {};
  for (const { primary, across } of databases.servers)
    (knownAs[primary.section] ??= {})[primary.datacenter] = [`${across.host}:${across.port}`];
  const appServers: Record<string, Record<string, string>> = {};
  for (const { name, datacenter, url } of wiki.appServers) (appServers[datacenter] ??= {})[name] = url;

  // JSON is YAML as well.
  const config = {
    ...settings.file,
    dataDirectory: path.join(ground.folder, 'data'),
    hosts: {
      inventory: settings.inventory.hosts,
      aliases: settings.inventory.aliases,
      operations: Object.fromEntries(operations) as unknown,
    },
    adapters: { state: 'etcd', databases: 'mariadb', dns: 'resolver', hosts: 'ssh', wiki: 'http' },
    connections: {
      etcd: { endpoints: etcd.endpoints },
      ssh: {
        privateKey: { file: hosts.clientKeyFile },
        knownHosts: [file('known_hosts', hosts.knownHosts('hashed'))],
        routes: [{ hosts: '*', user: hosts.user, port: hosts.port }],
        addresses: Object.fromEntries(hosts.hosts.map(({ name, address }) => [name, address])),
      },
      mariadb: {
        primaries,
        knownAs,
        user: accounts.switching.user,
        password: { file: file('mariadb-password', accounts.switching.password) },
        authority: databases.certificates.authorityFile,
        notTheApplication: [accounts.heartbeat.user],
      },
      resolver: {
        zone: dns.zone,
        servers: Object.fromEntries(
          dns.servers.map(({ name, address, port }) => [name, `${address}:${port}`]),
        ),
        clients: clientNetworks,
      },
      http: { appServers, path: '/api.php' },
    },
    ...more,
  };
  return file('switchdc.yaml', `${JSON.stringify(config, undefined, 2)}\n`);
}

import type { Installation } from '../domain/installation.js';
import { coreDatacenters } from '../domain/installation.js';
import type { Millis } from '../domain/instant.js';
import { MINUTE, SECOND } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import { expandHostQuery } from '../hosts/host-query.js';
import type { HostName } from '../hosts/hosts.js';
import { type Inventory, datacenterOfHost } from '../hosts/inventory.js';

/** One of the two datacenters: 0 is the northern one. */
export type Side = 0 | 1;

export const otherSide = (side: Side): Side => (side === 0 ? 1 : 0);

export interface AppServerShape {
  readonly host: HostName;
  readonly side: Side;
  /** It reads its configuration anew at instants that leave this rest when divided by the cache's lifetime. */
  readonly phase: Millis;
}

export interface DnsServerShape {
  readonly name: string;
  readonly host: HostName | undefined;
  /** From a change in the store until its answers show it. */
  readonly delay: Millis;
}

export interface PuppetHostShape {
  readonly host: HostName;
  readonly side: Side;
  /** Puppet runs by itself at instants that leave this rest when divided by half an hour. */
  readonly phase: Millis;
}

/** What never changes in a simulated pair of datacenters. */
export interface WorldShape {
  readonly datacenters: readonly [DatacenterName, DatacenterName];
  readonly sections: readonly SectionName[];
  readonly readWriteRecords: readonly string[];
  readonly appServers: readonly AppServerShape[];
  readonly appServersBySide: readonly [readonly number[], readonly number[]];
  readonly dnsServers: readonly DnsServerShape[];
  readonly deploymentHosts: readonly HostName[];
  readonly maintenanceHosts: readonly PuppetHostShape[];
  /** Hosts of the database primaries, which puppet tells their role. */
  readonly databaseHosts: readonly PuppetHostShape[];
  readonly jobRunners: readonly { readonly host: HostName; readonly side: Side }[];
  /** Those of one datacenter have one cache. */
  readonly recursors: readonly { readonly host: HostName; readonly side: Side }[];
  readonly inventory: Inventory;
  readonly configCacheLifetime: Millis;
  /** Between two attempts to save an edit, all editors together. */
  readonly editEvery: Millis;
  /** Where this process runs: the other datacenter is a long round trip away. */
  readonly home: Side;
}

export const PUPPET_EVERY: Millis = 30 * MINUTE;
/** Real servers that follow a file rendered from the store take about two seconds. */
const DNS_DELAY: Millis = 1_700;

export function shapeOf(
  installation: Installation,
  inventory: Inventory,
  options: { readonly home?: Side; readonly editsPerSecond?: number } = {},
): WorldShape {
  const datacenters = coreDatacenters(installation);
  const find = (alias: string): HostName[] =>
    inventory.aliases[alias] === undefined ? [] : [...expandHostQuery(`A:${alias}`, inventory)];
  const sided = (alias: string): { host: HostName; side: Side }[] =>
    find(alias).flatMap((host) => {
      const place = datacenterOfHost(host, datacenters);
      return place === undefined ? [] : [{ host, side: place === datacenters[0] ? 0 : 1 }];
    });
  const staggered = (alias: string, over: Millis): { host: HostName; side: Side; phase: Millis }[] => {
    const hosts = sided(alias);
    return hosts.map((found, index) => ({
      ...found,
      phase: Math.floor(((index + 0.5) * over) / hosts.length),
    }));
  };
  const lifetime = installation.wiki.configCacheLifetime;
  const appServers = staggered('appserver', lifetime);
  const indexes = (side: Side): number[] =>
    appServers.flatMap((server, index) => (server.side === side ? [index] : []));
  const dnsHosts = find('dns-auth');
  return {
    datacenters,
    sections: installation.sections,
    readWriteRecords: installation.wiki.readWriteRecords,
    appServers,
    appServersBySide: [indexes(0), indexes(1)],
    dnsServers: installation.dns.servers.map((name, index) => ({
      name,
      host: dnsHosts.find((host) => host === name || host.startsWith(`${name}.`)) ?? dnsHosts[index],
      delay: DNS_DELAY + 300 * index,
    })),
    deploymentHosts: find('deployment'),
    maintenanceHosts: staggered('mw-maintenance', PUPPET_EVERY),
    databaseHosts: staggered('db-primary', PUPPET_EVERY),
    jobRunners: sided('jobrunner'),
    recursors: sided('dns-rec'),
    inventory,
    configCacheLifetime: lifetime,
    editEvery: Math.max(1, Math.round(SECOND / (options.editsPerSecond ?? 10))),
    home: options.home ?? 0,
  };
}

export function sideOf(shape: WorldShape, datacenter: DatacenterName): Side | undefined {
  if (datacenter === shape.datacenters[0]) return 0;
  return datacenter === shape.datacenters[1] ? 1 : undefined;
}

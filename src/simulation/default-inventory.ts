import { type Installation, coreDatacenters } from '../domain/installation.js';
import { foldNames } from '../hosts/gather.js';
import type { HostName, HostQuery } from '../hosts/hosts.js';
import type { Inventory } from '../hosts/inventory.js';

const DOMAIN = 'wmnet';
const JOB_RUNNERS = 4;

/**
 * Hosts for the simulated pair, named as the field names hosts: `mwmaint1002.eqiad.wmnet`, numbers from 1001 in the
 * northern datacenter and from 2001 in the southern one. Aliases: each datacenter's name, and the roles `deployment`,
 * `mw-maintenance`, `appserver`, `jobrunner`, `db-primary` (in the order of the sections), `dns-auth` (in the order of
 * the authoritative servers) and `dns-rec`, the recursors. Pure.
 */
export function defaultInventory(installation: Installation): Inventory {
  const datacenters = coreDatacenters(installation);
  const roles: Record<string, HostName[]> = {
    deployment: [],
    'mw-maintenance': [],
    appserver: [],
    jobrunner: [],
    'db-primary': [],
    'dns-auth': installation.dns.servers.map((server, index) =>
      server.includes('.') ? server : `${server}.${datacenters[index % 2] ?? ''}.${DOMAIN}`,
    ),
    'dns-rec': [],
  };
  datacenters.forEach((dc, index) => {
    const add = (role: string, prefix: string, first: number, count: number): void => {
      for (let host = 0; host < count; host += 1)
        roles[role]?.push(`${prefix}${(index + 1) * 1_000 + first + host}.${dc}.${DOMAIN}`);
    };
    add('deployment', 'deploy', 2, 1);
    add('mw-maintenance', 'mwmaint', 2, 1);
    add('appserver', 'mw', 414, installation.wiki.appServers[dc] ?? 4);
    add('jobrunner', 'jobrunner', 1, JOB_RUNNERS);
    add('db-primary', 'db', 101, installation.sections.length);
    add('dns-rec', 'dns', 4, 1);
  });
  const places = datacenters.map((dc): [string, HostQuery] => [dc, `*.${dc}.${DOMAIN}`]);
  return {
    hosts: Object.values(roles).flat(),
    aliases: {
      ...Object.fromEntries(places),
      ...Object.fromEntries(
        Object.entries(roles).map(([role, hosts]) => [role, foldNames(hosts).join(' or ')]),
      ),
    },
  };
}

import { SECOND } from '../domain/instant.js';
import { datacenter, section } from '../domain/names.js';
import type { Config, HostsConfig } from './config.js';
import { inventoryOf } from './inventory-of.js';
import { operationsOf } from './operations-of.js';
import { overrideOf } from './override-of.js';
import { personOf } from './person-of.js';
import { policyOf } from './policy-of.js';
import { rolesOf } from './roles-of.js';
import type { ChatConnections } from './chat-connections.js';
import type { Connections } from './connections.js';
import type { ConfigFile } from './schema/config-file.js';
import type { Secret } from './secret.js';

/** What a file says, in the words of the code. Pure; the file's mistakes have all been refused before. */
export function toConfig(
  file: ConfigFile,
  secrets: readonly Secret[],
  connections?: Connections,
  chatConnections: ChatConnections = {},
): Config {
  const roles = rolesOf(file);
  const { rollCall } = file.chat;
  return {
    name: file.installation,
    dataDirectory: file.dataDirectory,
    datacenters: {
      northern: { ...file.datacenters.northern, name: datacenter(file.datacenters.northern.name) },
      southern: { ...file.datacenters.southern, name: datacenter(file.datacenters.southern.name) },
    },
    sections: file.sections.map(section),
    wiki: connections === undefined ? file.wiki : { ...file.wiki, appServers: countsOf(connections) },
    dns: { ...file.dns, ttl: file.dns.ttl / SECOND, loweredTtl: file.dns.loweredTtl / SECOND },
    ...(file.hosts === undefined ? {} : { hosts: hostsOf(file.hosts) }),
    adapters: file.adapters,
    ...(connections === undefined ? {} : { connections }),
    simulation: file.simulation,
    people: file.people.map(personOf),
    roles,
    approvals: {
      live: policyOf(file.approvals.live, roles, 'approve', rollCall),
      'live-test': policyOf(file.approvals['live-test'], roles, 'approve', rollCall),
      'dry-run': policyOf(file.approvals['dry-run'], roles, 'approve', rollCall),
      emergency: policyOf(file.approvals.emergency, roles, 'approve', rollCall),
    },
    gates: {
      '1': policyOf(file.gates['1'], roles, 'answer', rollCall),
      '2': policyOf(file.gates['2'], roles, 'answer', rollCall),
    },
    calendar: {
      overrides: file.calendar.overrides.map(overrideOf),
      zones: file.calendar.zones.map(({ zone, label }) => (label === undefined ? { zone } : { zone, label })),
    },
    chat: {
      prefix: file.chat.prefix,
      destinations: file.chat.destinations.map(({ project, ...rest }) =>
        project === undefined ? rest : { ...rest, project },
      ),
      links: file.chat.links,
      rates: file.chat.rates,
    },
    chatConnections,
    sal: file.sal.entryUrl === undefined ? {} : { entryUrl: file.sal.entryUrl },
    secrets,
  };
}

function hostsOf(hosts: NonNullable<ConfigFile['hosts']>): HostsConfig {
  return { inventory: inventoryOf(hosts), operations: operationsOf(hosts.operations) };
}

/** How many app servers there are in each datacenter is known where each is named. */
function countsOf({ http }: Connections): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { datacenter: dc } of http.appServers) counts[dc] = (counts[dc] ?? 0) + 1;
  return counts;
}

import type { AdapterInUse } from '../access/practice.js';
import type { Config } from './config.js';
import type { Endpoint } from './connections.js';

/** Each adapter and what it reaches, for the rule that lets people speak for others only where nothing real is. Pure. */
export function adaptersInUse(config: Config): readonly AdapterInUse[] {
  const { adapters, chat } = config;
  const ports = Object.keys(adapters) as (keyof Config['adapters'])[];
  return [
    ...ports.map((port): AdapterInUse => ({
      port,
      adapter: adapters[port],
      reaches: reachOf(config, adapters[port]),
    })),
    ...[...new Set(chat.destinations.map(({ platform }) => platform))].map((platform): AdapterInUse => ({
      port: 'chat',
      adapter: platform,
      reaches: chatReaches(platform),
    })),
  ];
}

/**
 * Exhaustive by type: an adapter that is added to the configuration does not compile here until it is said what it can
 * touch. What is not configured is not known, and therefore not on this machine.
 */
function reachOf(
  { connections, hosts }: Config,
  adapter: Config['adapters'][keyof Config['adapters']],
): AdapterInUse['reaches'] {
  const at = ({ host, port }: Endpoint): string =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  switch (adapter) {
    case 'embedded':
    case 'simulated':
      return 'nothing-real';
    case 'etcd':
      return { endpoints: connections?.etcd.endpoints ?? [] };
    case 'mariadb':
      return { endpoints: connections?.mariadb.primaries.map(at) ?? [] };
    case 'resolver':
      return { endpoints: connections?.resolver.servers.map(at) ?? [] };
    case 'http':
      return { endpoints: connections?.http.appServers.map(({ url }) => url) ?? [] };
    case 'ssh': {
      const addresses = connections?.ssh.addresses ?? {};
      const jumps = connections?.ssh.routes.flatMap(({ jump }) => (jump === undefined ? [] : [jump])) ?? [];
      const reached = [...(hosts?.inventory.hosts ?? []), ...jumps];
      return { endpoints: reached.map((host) => addresses[host] ?? host) };
    }
  }
}

/** A chat with other people in it is real, wherever its server is known to be. */
function chatReaches(platform: Config['chat']['destinations'][number]['platform']): AdapterInUse['reaches'] {
  return platform === 'terminal' ? 'nothing-real' : { endpoints: [] };
}

import type { Config } from '../config/config.js';
import type { ComposedWorld } from './composed-world.js';
import { composeRealWorld } from './real-world.js';
import { composeSimulatedWorld, type SimulatedWorldParts } from './simulated-world.js';

export interface WorldParts extends Omit<SimulatedWorldParts, 'addressOf' | 'inventory'> {
  readonly config: Config;
  trouble(text: string): void;
}

/** What is configured: real servers on the wall clock, or the simulated pair of datacenters on a clock of its own. */
export async function composeWorld(parts: WorldParts): Promise<ComposedWorld> {
  const { config, wall } = parts;
  if (config.connections !== undefined && config.hosts !== undefined)
    return composeRealWorld({
      config,
      connections: config.connections,
      inventory: config.hosts.inventory,
      clock: wall,
      trouble: (text) => {
        parts.trouble(text);
      },
    });
  return composeSimulatedWorld({
    ...parts,
    ...(config.hosts === undefined ? {} : { inventory: config.hosts.inventory }),
    addressOf: (record, dc) => config.dns.addresses[record]?.[dc] ?? '',
  });
}

import type { Clock } from '../domain/clock.js';
import type { Instant } from '../domain/instant.js';
import type { DatacenterName } from '../domain/names.js';
import type { Installation } from '../domain/installation.js';
import { simulatedDatabases } from '../databases/simulated/simulated-databases.js';
import { simulatedDns } from '../dns/simulated/simulated-dns.js';
import { simulatedHosts } from '../hosts/simulated/simulated-hosts.js';
import { simulatedSite } from '../mediawiki/simulated/simulated-site.js';
import type { Inventory } from '../hosts/inventory.js';
import { defaultObjects } from '../simulation/default-objects.js';
import { openSimulatedClock } from '../simulation/simulated-clock.js';
import { openSimulatedWorld } from '../simulation/simulated-world.js';
import { locksThroughFaults } from '../simulation/locks-through-faults.js';
import { throughFaults } from '../simulation/through-faults.js';
import { sqliteLocks } from '../state/sqlite/sqlite-locks.js';
import { sqliteState } from '../state/sqlite/sqlite-state.js';
import type { ComposedWorld, Simulation } from './composed-world.js';
import type { Files } from './files.js';

export interface SimulatedWorldParts {
  readonly files: Files;
  readonly installation: Installation;
  /** Which datacenter is primary when the world is made. */
  readonly primary: DatacenterName;
  readonly wall: Clock;
  /** When the simulated world begins, the first time. */
  readonly startAt: Instant;
  /** The journal's newest entry: simulated time does not go back behind it. */
  readonly notBefore: Instant | undefined;
  readonly speed: number;
  /** Left out: made up from the installation's names. */
  readonly inventory?: Inventory;
  /** A discovery record's address in a datacenter. */
  readonly addressOf: (record: string, datacenter: DatacenterName) => string;
}

/** The simulated pair of datacenters behind the ports, with the embedded state store. */
export function composeSimulatedWorld(
  parts: SimulatedWorldParts,
): ComposedWorld & { simulation: Simulation } {
  const { files, installation } = parts;
  const clock = openSimulatedClock({
    database: files.world,
    wall: parts.wall,
    startAt: parts.startAt,
    ...(parts.notBefore === undefined ? {} : { notBefore: parts.notBefore }),
    rate: parts.speed,
  });
  const state = sqliteState(files.state, clock);
  state.seed(defaultObjects(installation, parts.primary));
  const locks = sqliteLocks(files.state, clock);
  const world = openSimulatedWorld({
    database: files.world,
    clock,
    installation,
    history: state.changes,
    ...(parts.inventory === undefined ? {} : { inventory: parts.inventory }),
    alongside: () => {
      clock.mark();
    },
  });

  return {
    clock,
    simulation: { clock, world },
    warm: () => undefined,
    ports: {
      state: throughFaults(state, world.faults),
      locks: locksThroughFaults(locks, world.faults, clock),
      databases: simulatedDatabases(world),
      dns: simulatedDns(world, parts.addressOf),
      site: simulatedSite(world),
      hosts: simulatedHosts(world),
    },
    async close() {
      world.close();
      locks.close();
      clock.close();
    },
  };
}

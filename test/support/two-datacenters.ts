import { join } from 'node:path';
import type { Installation } from '../../src/domain/installation.js';
import { type Millis, instant } from '../../src/domain/instant.js';
import { type DatacenterName, person } from '../../src/domain/names.js';
import type { Authority } from '../../src/domain/reason.js';
import type { Databases } from '../../src/databases/databases.js';
import { simulatedDatabases } from '../../src/databases/simulated/simulated-databases.js';
import type { DnsReader } from '../../src/dns/dns.js';
import { simulatedDns } from '../../src/dns/simulated/simulated-dns.js';
import type { Hosts } from '../../src/hosts/hosts.js';
import { simulatedHosts } from '../../src/hosts/simulated/simulated-hosts.js';
import type { SiteReader } from '../../src/mediawiki/site.js';
import { simulatedSite } from '../../src/mediawiki/simulated/simulated-site.js';
import { defaultObjects } from '../../src/simulation/default-objects.js';
import type { FastClock } from '../../src/simulation/fast-clock.js';
import { locksThroughFaults } from '../../src/simulation/locks-through-faults.js';
import { type SimulatedWorld, openSimulatedWorld } from '../../src/simulation/simulated-world.js';
import { throughFaults } from '../../src/simulation/through-faults.js';
import { openWorldFile } from '../../src/simulation/world-file.js';
import type { Locks } from '../../src/state/locks.js';
import { type EmbeddedLocks, sqliteLocks } from '../../src/state/sqlite/sqlite-locks.js';
import { type EmbeddedState, sqliteState } from '../../src/state/sqlite/sqlite-state.js';
import { stateMigrations } from '../../src/state/sqlite/state-migrations.js';
import type { StateStore } from '../../src/state/store.js';
import { openDatabase } from '../../src/storage/open-database.js';
import { codfw, practiceInstallation } from './practice-installation.js';
import { temporaryFolder } from './temporary-folder.js';
import { virtualClock } from './virtual-clock.js';

export interface TwoDatacentersOptions {
  /** Where the files are, or will be; default: a temporary directory, removed when this is disposed of. */
  readonly directory?: string;
  readonly clock?: FastClock;
  readonly installation?: Installation;
  /** The primary of a world that does not exist yet. */
  readonly primary?: DatacenterName;
}

export interface TwoDatacenters extends Disposable {
  readonly clock: FastClock;
  readonly installation: Installation;
  readonly world: SimulatedWorld;
  /** The store and the locks as they are, and as they are through the world's faults. */
  readonly embedded: EmbeddedState;
  readonly embeddedLocks: EmbeddedLocks;
  readonly state: StateStore;
  readonly locks: Locks;
  readonly databases: Databases;
  readonly dns: DnsReader;
  readonly site: SiteReader;
  readonly hosts: Hosts;
  /** As a kill does: nothing is written any more, nothing wakes up again. The files stay. */
  die(): void;
  /** Kills it and opens its files again, so much later. */
  reopened(later?: Millis): TwoDatacenters;
}

/** The simulated datacenters with the embedded state store, as main puts them together, on a clock of tests. */
export function openTwoDatacenters(options: TwoDatacentersOptions = {}): TwoDatacenters {
  const folder = options.directory === undefined ? temporaryFolder() : undefined;
  const directory = options.directory ?? folder?.path ?? '';
  const { clock = virtualClock(), installation = practiceInstallation, primary = codfw } = options;
  const stateFile = openDatabase(join(directory, 'state.db'), stateMigrations, 'none');
  const worldFile = openWorldFile(join(directory, 'world.db'), 'none');
  const embedded = sqliteState(stateFile, clock);
  embedded.seed(defaultObjects(installation, primary));
  const world = openSimulatedWorld({ database: worldFile, clock, installation, history: embedded.changes });
  const embeddedLocks = sqliteLocks(stateFile, clock);
  const die = (): void => {
    embeddedLocks.close();
    worldFile.close();
    stateFile.close();
    clock.stop();
  };
  return {
    clock,
    installation,
    world,
    embedded,
    embeddedLocks,
    state: throughFaults(embedded, world.faults),
    locks: locksThroughFaults(embeddedLocks, world.faults, clock),
    databases: simulatedDatabases(world),
    dns: simulatedDns(world),
    site: simulatedSite(world),
    hosts: simulatedHosts(world),
    die,
    reopened(later = 0) {
      die();
      return openTwoDatacenters({ ...options, directory, clock: virtualClock(instant(clock.now() + later)) });
    },
    [Symbol.dispose]() {
      if (stateFile.open) die();
      folder?.[Symbol.dispose]();
    },
  };
}

export const authority: Authority = { person: person('alice'), reason: { text: 'a test' }, run: 1 };

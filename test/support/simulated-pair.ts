import type { Installation } from '../../src/domain/installation.js';
import type { Instant } from '../../src/domain/instant.js';
import { type DatacenterName, person } from '../../src/domain/names.js';
import type { PermitSubject } from '../../src/access/permit.js';
import { simulatedDatabases } from '../../src/databases/simulated/simulated-databases.js';
import { simulatedDns } from '../../src/dns/simulated/simulated-dns.js';
import { datacenterOfHost } from '../../src/hosts/inventory.js';
import { simulatedHosts } from '../../src/hosts/simulated/simulated-hosts.js';
import { simulatedSite } from '../../src/mediawiki/simulated/simulated-site.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { Readers, Recalled, Writers } from '../../src/runbook/world.js';
import { guardedWriters } from '../../src/runner/guarded-writers.js';
import type { Ports } from '../../src/runner/ports.js';
import { defaultObjects } from '../../src/simulation/default-objects.js';
import { type SimulatedWorld, openSimulatedWorld } from '../../src/simulation/simulated-world.js';
import { openWorldFile } from '../../src/simulation/world-file.js';
import type { Lease, Locks } from '../../src/state/locks.js';
import { sqliteLocks } from '../../src/state/sqlite/sqlite-locks.js';
import { sqliteState } from '../../src/state/sqlite/sqlite-state.js';
import { stateMigrations } from '../../src/state/sqlite/state-migrations.js';
import { type Sqlite, openDatabase } from '../../src/storage/open-database.js';
import { temporaryFolder } from './temporary-folder.js';
import { virtualClock } from './virtual-clock.js';
import type { WalkedWorld } from './walk.js';

export interface PairOptions {
  readonly installation: Installation;
  readonly primary: DatacenterName;
  readonly mode: Mode;
  readonly from: DatacenterName;
  readonly to: DatacenterName;
  readonly locks: readonly string[];
}

export interface SimulatedPair extends WalkedWorld, AsyncDisposable {
  readonly world: SimulatedWorld;
  readonly locks: Locks;
  /** Locks whose fence the store has refused. */
  readonly refusedLeases: readonly string[];
  readonly store: Sqlite;
}

/** The simulated pair of datacenters with its state store, and writers that carry the permit and the locks of a run. */
export async function simulatedPair(options: PairOptions): Promise<SimulatedPair> {
  const { installation, primary, mode, from, to } = options;
  const folder = temporaryFolder();
  const clock = virtualClock();
  const store = openDatabase(folder.file('state.db'), stateMigrations, 'none');
  const state = sqliteState(store, clock);
  state.seed(defaultObjects(installation, primary));
  const database = openWorldFile(folder.file('world.db'), 'none');
  const world = openSimulatedWorld({ database, clock, installation, history: state.changes });
  const locks = sqliteLocks(store, clock);
  const ports: Ports = {
    state,
    locks,
    databases: simulatedDatabases(world),
    dns: simulatedDns(world),
    site: simulatedSite(world),
    hosts: simulatedHosts(world),
  };
  const leases = new Map<string, Lease>();
  for (const name of options.locks)
    leases.set(name, (await locks.acquire(name, 30_000, { installation: installation.name, run: 1 })).lease);
  const { signal } = new AbortController();
  const refusedLeases: string[] = [];
  return {
    world,
    locks,
    refusedLeases,
    store,
    readers: (recall: (task: string) => Recalled | undefined): Readers => ({
      ...ports,
      signal,
      now: () => clock.now(),
      recall,
    }),
    writers(task, direction): Writers {
      const subject: PermitSubject = {
        runbook: 'mediawiki',
        mode,
        phase: String(Number(task.slice(0, 2))),
        direction,
        from,
        to,
        sections: installation.sections,
        readWriteRecords: installation.wiki.readWriteRecords,
      };
      return guardedWriters(ports, clock, {
        subject,
        authority: { person: person('alice'), reason: { text: 'a test' }, run: 1 },
        leases,
        refused: (lease) => refusedLeases.push(lease.name),
        signal,
        datacenterOf: (host) => datacenterOfHost(host, [from, to]),
      });
    },
    wait: (until: Instant) => clock.sleepUntil(until),
    async [Symbol.asyncDispose]() {
      for (const lease of leases.values()) await lease.release();
      world.close();
      clock.stop();
      database.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

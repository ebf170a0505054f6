import { replicationDelay } from './replication.js';
import { freshAnswer } from './recursors.js';
import type { PuppetHostShape, Side, WorldShape } from './world-shape.js';
import type { HostStates, SectionState, StoreView, WorldState } from './world-state.js';

/** The world at its beginning: everything follows the store as it is, and nothing is under way. Pure. */
export function firstState(shape: WorldShape, store: StoreView, revision: number, at: number): WorldState {
  const { primary } = store;
  const state: WorldState = {
    at,
    revision,
    store,
    faults: [],
    appServers: shape.appServers.map(({ side }) => ({ primary, readOnly: store.readOnly[side] })),
    dnsServers: shape.dnsServers.map(() => ({ records: structuredClone(store.records), pending: [] })),
    recursors: [],
    sections: shape.sections.map((_, section) => firstSection(primary, section, at)),
    openEdits: [],
    edits: [noEdits(), noEdits()],
    lostEdits: 0,
    recentEdits: [],
    jobErrors: 0,
    hosts: firstHosts(shape, primary),
    // The datacenter that is in use is warm.
    warmth: [
      { rounds: primary === 0 ? 6 : 0, lastAt: at },
      { rounds: primary === 1 ? 6 : 0, lastAt: at },
    ],
  };
  state.recursors = Array.from({ length: shape.readWriteRecords.length * 2 }, (_, group) => {
    const { answer, ttl } = freshAnswer(shape, state, group) ?? { answer: null, ttl: 1_000 };
    // Each asked at another time.
    return {
      answer,
      ttl,
      expires: at + Math.floor((ttl * (group + 1)) / (shape.readWriteRecords.length * 2 + 1)) + 1,
    };
  });
  return state;
}

function firstSection(primary: Side, section: number, at: number): SectionState {
  const log = () => ({
    executed: 0,
    pending: [],
    stranded: 0,
    replication: { upTo: at - replicationDelay(section), since: at, frozen: false },
  });
  return {
    access: primary === 0 ? ['read-write', 'read-only'] : ['read-only', 'read-write'],
    written: [log(), log()],
    overlap: [0, 0],
  };
}

const noEdits = () => ({ attempted: 0, saved: 0, refused: 0, databaseErrors: 0, unreachable: 0 });

function firstHosts(shape: WorldShape, primary: Side): HostStates {
  const by = <T>(hosts: readonly PuppetHostShape[], value: (host: PuppetHostShape) => T): Record<string, T> =>
    Object.fromEntries(hosts.map((host) => [host.host, value(host)]));
  return {
    deployLocks: Object.fromEntries(shape.deploymentHosts.map((host) => [host, null])),
    maintenance: by(shape.maintenanceHosts, ({ side }) => ({
      disabled: null,
      appliedFor: primary,
      periodicJobs: side === primary,
      leftScripts: 0,
    })),
    databases: by(shape.databaseHosts, () => ({ disabled: null, appliedFor: primary })),
    jobConnections: Object.fromEntries(shape.jobRunners.map(({ host, side }) => [host, side === primary])),
    confdErrors: Object.fromEntries(
      shape.dnsServers.flatMap(({ host }) => (host === undefined ? [] : [[host, false]])),
    ),
  };
}

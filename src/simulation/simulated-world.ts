/**
 * The simulated pair of datacenters that the simulated/ adapters share.
 *
 * A world is made of durable inputs (statements, commands, faults, each with its instant) and of the state store's
 * history; everything else follows from them by a pure advance to now. So nothing in it needs a running process, a kill
 * loses nothing, and a long gap costs next to nothing. An input is on disk before the call that made it resolves.
 *
 * How the parts are put together (the world follows the store, both live on the world's clock):
 *
 *     const file = openWorldFile(join(data, 'world.db'));
 *     const clock = openSimulatedClock({ database: file, wall: systemClock(), startAt, notBefore, rate: 30 });
 *     const stateFile = openDatabase(join(data, 'state.db'), stateMigrations);
 *     const state = sqliteState(stateFile, clock);
 *     state.seed(defaultObjects(installation, primary));
 *     const world = openSimulatedWorld({ database: file, clock, installation, history: state.changes,
 *                                        alongside: clock.mark });
 *     const ports = { databases: simulatedDatabases(world), dns: simulatedDns(world), site: simulatedSite(world),
 *                     hosts: simulatedHosts(world) };
 *     const store = throughFaults(state, world.faults);
 *     const locks = locksThroughFaults(sqliteLocks(stateFile, clock), world.faults, clock);
 *
 * Closed in reverse: world.close(), then the locks, the clock, the databases.
 */
import type { Clock } from '../domain/clock.js';
import { sleep } from '../domain/clock.js';
import type { Installation } from '../domain/installation.js';
import type { Millis } from '../domain/instant.js';
import type { Sqlite } from '../storage/open-database.js';
import type { Inventory } from '../hosts/inventory.js';
import { advance } from './advance.js';
import { applyInput } from './apply-input.js';
import { defaultInventory } from './default-inventory.js';
import { WorldMismatch } from './errors.js';
import { factsHistory } from './facts-history.js';
import { firstState } from './first-state.js';
import { followChange } from './follow-store.js';
import { type EditTotals, editTotals } from './edit-totals.js';
import { ROUND_TRIP } from './round-trip.js';
import type { StateHistory } from './state-history.js';
import { storeAtFirst } from './store-at-first.js';
import { type WorldFacts, factsOf } from './world-facts.js';
import { type WorldFaults, worldFaults } from './world-faults.js';
import { worldFile } from './world-file.js';
import type { WorldInput } from './world-input.js';
import { type WorldLook, lookAt } from './world-look.js';
import { type Side, type WorldShape, shapeOf } from './world-shape.js';
import type { WorldState } from './world-state.js';

export interface WorldOptions {
  /** Opened by `openWorldFile`. */
  readonly database: Sqlite;
  readonly clock: Clock;
  readonly installation: Installation;
  readonly history: StateHistory;
  /** Default: one made up from the installation's names. */
  readonly inventory?: Inventory;
  /** Attempts to save an edit, of all editors together. Default 10. */
  readonly editsPerSecond?: number;
  /** What must be durable in the same transaction as an input: the clock's anchor. */
  readonly alongside?: () => void;
}

export interface SimulatedWorld {
  readonly shape: WorldShape;
  readonly clock: Clock;
  readonly faults: WorldFaults;
  /** The world as it is now. It is the living thing: whoever gets it only reads it, and asks again after a wait. */
  now(): Readonly<WorldState>;
  /** Does something to the world at this instant. Durable when it returns. */
  record(input: WorldInput): void;
  /** The way to a datacenter, and back. */
  travelTo(side: Side, signal?: AbortSignal): Promise<void>;
  travelFrom(side: Side, signal?: AbortSignal): Promise<void>;
  /** Called after each input, until the returned function is called. */
  onInput(listener: (input: WorldInput) => void): () => void;
  /** For people. */
  look(): WorldLook;
  counts(): EditTotals;
  facts(): WorldFacts;
  /** The facts at the beginning and after every change of an access, a fault or the state, from the first day on. */
  factsHistory(): WorldFacts[];
  /** Writes a last checkpoint; the file stays open. */
  close(): void;
}

/** So many inputs may have to be played again when the world is opened. */
const CHECKPOINT_EVERY = 64;

export function openSimulatedWorld(options: WorldOptions): SimulatedWorld {
  const { clock, history, installation } = options;
  const inventory = options.inventory ?? defaultInventory(installation);
  const shape = shapeOf(
    installation,
    inventory,
    options.editsPerSecond === undefined ? {} : { editsPerSecond: options.editsPerSecond },
  );
  const file = worldFile(options.database, options.alongside);
  if (file.latest() === undefined) {
    file.begin(firstState(shape, storeAtFirst(shape, history), history.revision(), clock.now()));
  }
  const listeners = new Set<(input: WorldInput) => void>();
  const { state, seq } = restore(shape, file, history);
  let lastSeq = seq;
  let sinceCheckpoint = 0;

  const now = (): WorldState => {
    if (history.revision() > state.revision)
      for (const change of history.after(state.revision)) followChange(shape, state, change);
    advance(shape, state, clock.now());
    return state;
  };
  const record = (input: WorldInput): void => {
    now();
    const due = sinceCheckpoint + 1 >= CHECKPOINT_EVERY;
    const recorded = file.append(input, state.at, state.revision, due ? { seq: lastSeq, state } : undefined);
    sinceCheckpoint = due ? 0 : sinceCheckpoint + 1;
    lastSeq = recorded.seq;
    applyInput(shape, state, state.at, input);
    for (const listener of [...listeners]) listener(input);
  };
  const roundTrip = (side: Side): Millis => (side === shape.home ? ROUND_TRIP.near : ROUND_TRIP.away);
  const onInput = (listener: (input: WorldInput) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    shape,
    clock,
    now,
    record,
    onInput,
    faults: worldFaults({ shape, now, record, onInput }),
    travelTo: (side, signal) => sleep(clock, Math.ceil(roundTrip(side) / 2), signal),
    travelFrom: (side, signal) => sleep(clock, Math.floor(roundTrip(side) / 2), signal),
    look: () => lookAt(shape, now()),
    counts: () => editTotals(now()),
    facts: () => factsOf(shape, now(), 'now'),
    factsHistory: () => factsHistory(shape, file, history),
    close() {
      now();
      file.checkpoint({ seq: lastSeq, state });
    },
  };
}

/** The world from its newest checkpoint and all inputs after it. */
function restore(
  shape: WorldShape,
  file: ReturnType<typeof worldFile>,
  history: StateHistory,
): { state: WorldState; seq: number } {
  const checkpoint = file.latest();
  if (checkpoint === undefined) throw new WorldMismatch('the file of the simulated world has no beginning');
  const { state } = checkpoint;
  checkMatch(shape, state, history);
  let { seq } = checkpoint;
  for (const recorded of file.inputsAfter(seq)) {
    for (const change of history.after(state.revision)) {
      if (change.revision <= recorded.revision) followChange(shape, state, change);
    }
    applyInput(shape, state, recorded.at, recorded.input);
    ({ seq } = recorded);
  }
  return { state, seq };
}

function checkMatch(shape: WorldShape, state: WorldState, history: StateHistory): void {
  if (state.revision > history.revision())
    throw new WorldMismatch(
      `the simulated world has followed the state store up to revision ${state.revision}, but the store is at ` +
        `${history.revision()}: the two files do not belong together`,
    );
  const same =
    state.sections.length === shape.sections.length &&
    state.appServers.length === shape.appServers.length &&
    state.dnsServers.length === shape.dnsServers.length &&
    state.recursors.length === shape.readWriteRecords.length * 2;
  if (!same)
    throw new WorldMismatch(
      'the simulated world was made for another configuration (sections, app servers, DNS servers or records ' +
        'differ); it begins anew in an empty data directory',
    );
}

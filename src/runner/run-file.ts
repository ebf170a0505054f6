import type { Clock } from '../domain/clock.js';
import { ImpossibleState } from '../domain/errors.js';
import type { Lease, LockName } from '../state/locks.js';
import type { Entry } from './entry.js';
import { evolve, foldRun } from './evolve.js';
import type { Journal, Recorded, RunId } from './journal.js';
import type { PreparedRun } from './prepared-run.js';
import type { RunState } from './run-state.js';

/**
 * One run in this process: its journal's meaning, kept up to date, and one queue through which every entry goes. What a
 * job in the queue decides is decided on the state that its entry is appended to.
 */
export class RunFile {
  readonly leases = new Map<LockName, Lease>();
  /** Leases that the store does not honour any more, while they themselves have not heard of it yet. */
  readonly refused = new WeakSet<Lease>();
  #state: RunState;
  #queue: Promise<unknown> = Promise.resolve();
  #changed = signalOnce();

  private constructor(
    readonly prepared: PreparedRun,
    private readonly journal: Journal,
    private readonly clock: Clock,
    state: RunState,
  ) {
    this.#state = state;
  }

  static async begin(
    prepared: PreparedRun,
    journal: Journal,
    clock: Clock,
    entry: Entry & { kind: 'run-requested' },
  ): Promise<RunFile> {
    const recorded = await journal.begin(entry, clock.now());
    return new RunFile(prepared, journal, clock, evolve(undefined, recorded));
  }

  static async load(
    run: RunId,
    prepare: (state: RunState) => PreparedRun,
    journal: Journal,
    clock: Clock,
  ): Promise<RunFile | undefined> {
    const state = foldRun(await journal.read(run));
    return state === undefined ? undefined : new RunFile(prepare(state), journal, clock, state);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Resolves at the next entry; taken before looking at the state, nothing is missed. */
  changed(): Promise<undefined> {
    return this.#changed.promise;
  }

  /** Runs jobs one after another; each sees the state that the one before left. */
  exclusively<T>(job: (append: (entry: Entry) => Promise<Recorded>) => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => job((entry) => this.#append(entry)));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  append(entry: Entry): Promise<Recorded> {
    return this.exclusively((append) => append(entry));
  }

  async #append(entry: Entry): Promise<Recorded> {
    if (this.#state.stage === 'ended')
      throw new ImpossibleState(`run ${this.#state.run} has ended; ${entry.kind} cannot follow`);
    const recorded = await this.journal.append(this.#state.run, this.#state.seq + 1, entry, this.clock.now());
    this.#state = evolve(this.#state, recorded);
    const { resolve } = this.#changed;
    this.#changed = signalOnce();
    resolve(undefined);
    return recorded;
  }
}

function signalOnce(): { promise: Promise<undefined>; resolve: (value: undefined) => void } {
  let resolve: (value: undefined) => void = () => undefined;
  const promise = new Promise<undefined>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

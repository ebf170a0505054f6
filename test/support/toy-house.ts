import { instant } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import type { Json } from '../../src/domain/json.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { Usually } from '../../src/runbook/resolve.js';
import type { Runbook } from '../../src/runbook/runbook.js';
import type { Readers, Writers } from '../../src/runbook/world.js';
import { drive } from '../../src/runner/drive.js';
import type { Entry } from '../../src/runner/entry.js';
import { LeaseTooShort } from '../../src/runner/errors.js';
import type { Journal, RunId } from '../../src/runner/journal.js';
import { makePlan } from '../../src/runner/make-plan.js';
import type { Caller, Order } from '../../src/runner/orders.js';
import { overlayPerformer } from '../../src/runner/overlay-performer.js';
import { prepareRun, type PreparedRun } from '../../src/runner/prepared-run.js';
import { recallFrom } from '../../src/runner/recall.js';
import { recoverRun } from '../../src/runner/recover.js';
import { RunFile } from '../../src/runner/run-file.js';
import { runLocks } from '../../src/runner/run-locks.js';
import { journalMigrations, sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { worldPerformer } from '../../src/runner/world-performer.js';
import { type FastClock, fastClock } from '../../src/simulation/fast-clock.js';
import type { Locks } from '../../src/state/locks.js';
import { sqliteLocks } from '../../src/state/sqlite/sqlite-locks.js';
import { stateMigrations } from '../../src/state/sqlite/state-migrations.js';
import { type Sqlite, openDatabase } from '../../src/storage/open-database.js';
import { ToyDisk } from './toy-flaky-journal.js';
import { mortalJournal, ToyLife } from './toy-life.js';
import type { ToyWorld } from './toy-runbook.js';

export const START = instant(Date.parse('2026-03-25T13:00:00Z'));

export const caller = (name: string, ...roles: string[]): Caller => ({
  said: { person: person(name), identity: `practice:${name}`, chat: 'test' },
  roles: roles.map(role),
});

export interface ToyParts {
  readonly life?: ToyLife;
  readonly disk?: ToyDisk;
}

/** The runner's own parts around a toy world: real journal, real locks, a clock that jumps. One is one process image. */
export class ToyHouse {
  readonly clock: FastClock;
  readonly journal: Journal;
  readonly troubles: string[] = [];
  readonly life: ToyLife;
  readonly locks: Locks;
  readonly state: Sqlite;
  #stop = new AbortController();
  readonly #runLocks;
  readonly #close: () => void;

  /** A house on a folder where an earlier one died finds what that one left. */
  constructor(
    folder: { file(name: string): string },
    readonly world: ToyWorld,
    { life = new ToyLife(), disk = new ToyDisk() }: ToyParts = {},
  ) {
    this.clock = world.clock as FastClock;
    this.life = life;
    world.life = life;
    const journal = openDatabase(folder.file('journal.db'), journalMigrations, 'none');
    this.state = openDatabase(folder.file('state.db'), stateMigrations, 'none');
    this.journal = mortalJournal(disk.under(sqliteJournal(journal)), life);
    const locks = sqliteLocks(this.state, this.clock);
    this.locks = locks;
    this.#runLocks = runLocks(locks, this.clock, 'test');
    this.#close = () => {
      locks.close();
      journal.close();
      this.state.close();
    };
  }

  static clock(): FastClock {
    return fastClock(START);
  }

  prepare(
    runbook: Runbook,
    mode: Mode,
    { params = {}, usually = {} }: { params?: Json; usually?: Usually } = {},
  ): PreparedRun {
    const prepared = prepareRun(runbook, params, mode, usually);
    if (!prepared.ok) throw new Error(prepared.problem);
    return prepared.run;
  }

  async request(
    run: PreparedRun,
    policy: ApprovalPolicy,
    by = caller('alice', 'operator'),
  ): Promise<RunFile> {
    const plan = await makePlan(run, this.readers(undefined));
    return RunFile.begin(run, this.journal, this.clock, {
      kind: 'run-requested',
      runbook: run.runbook,
      version: run.version,
      params: run.params,
      mode: run.mode,
      reason: { text: 'a test', task: 'T1' },
      by: by.said,
      description: run.description,
      plan,
      policy,
    });
  }

  drive(file: RunFile): Promise<void> {
    const performer =
      file.prepared.mode === 'dry-run'
        ? overlayPerformer(() => this.readers(file), file.state)
        : worldPerformer({
            readers: () => this.readers(file),
            writers: () => {
              for (const [name, lease] of file.leases)
                if (lease.lost.aborted) throw new LeaseTooShort(`the lock ${name} is not held`);
              return {} as Writers;
            },
          });
    return drive({
      file,
      performer,
      readers: this.readers(file),
      locks: this.#runLocks,
      clock: this.clock,
      signal: this.#stop.signal,
      trouble: (text) => this.troubles.push(text),
    });
  }

  /** What an earlier process left, as it is in the journal. */
  async load(run: RunId, prepared: PreparedRun): Promise<RunFile> {
    const file = await RunFile.load(run, () => prepared, this.journal, this.clock);
    if (file === undefined) throw new Error(`no run ${run}`);
    return file;
  }

  recover(file: RunFile): Promise<void> {
    return recoverRun(file, this.readers(file), this.clock);
  }

  async reload(run: RunId, prepared: PreparedRun): Promise<RunFile> {
    const file = await this.load(run, prepared);
    await this.recover(file);
    return file;
  }

  async order(file: RunFile, order: Order, by: Caller): Promise<string> {
    return file.exclusively(async (append) => {
      const result = order({ run: file.prepared, state: file.state, caller: by, now: this.clock.now() });
      if (!result.ok) return `refused: ${result.refusal.because}`;
      await append(result.value);
      return 'ok';
    });
  }

  /** Resolves once the run's state is so. */
  async until(file: RunFile, what: (state: RunFile['state']) => boolean): Promise<void> {
    while (!what(file.state)) await file.changed();
  }

  async entries(run: RunId): Promise<Entry[]> {
    return (await this.journal.read(run)).map((recorded) => recorded.entry);
  }

  /** The process is gone without a word: nothing of it is heard any more, and time goes on for the next one. */
  die(gap = 1_000): void {
    this.life.end();
    this.clock.stop();
    this.#close();
    this.world.clock = fastClock(instant(this.clock.now() + gap));
  }

  /** The process is asked to end; what is under way lets go. */
  leave(): void {
    this.#stop.abort(new Error('closing'));
  }

  close(): void {
    this.life.end();
    this.leave();
    this.clock.stop();
    this.#close();
  }

  readers(file: RunFile | undefined): Readers {
    const missing = {} as Readers;
    return {
      ...missing,
      state: this.world.reader,
      signal: this.#stop.signal,
      now: () => this.clock.now(),
      recall: (task) => recallFrom(file?.state, task),
    };
  }
}

/**
 * The runner: requests become runs, orders become entries, and runs are driven through their phases.
 *
 * Invariants: nothing happens that is not in the journal first; one process holds the data directory and is the only one
 * that appends; every entry is decided on the state it is appended to; one message becomes one entry, however often it is
 * delivered. What it does not do: know people's words (commands do) or tell anybody (followers of the journal do).
 */
import { type Clock, sleep } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { DatacenterName } from '../domain/names.js';
import type { PermitSubject } from '../access/permit.js';
import type { HostName } from '../hosts/hosts.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Mode } from '../runbook/mode.js';
import type { Runbook } from '../runbook/runbook.js';
import type { Readers } from '../runbook/world.js';
import { drive } from './drive.js';
import type { Said } from './entry.js';
import { foldRun } from './evolve.js';
import { guardedWriters } from './guarded-writers.js';
import { endedRuns, usualDurations } from './history.js';
import type { Journal, Recorded, RunId } from './journal.js';
import { makePlan } from './make-plan.js';
import type { Caller, Order } from './orders.js';
import { overlayPerformer } from './overlay-performer.js';
import type { Performer, StepAt } from './performer.js';
import type { Ports } from './ports.js';
import { type PreparedRun, prepareRun } from './prepared-run.js';
import { recallFrom } from './recall.js';
import { recoverRun } from './recover.js';
import { type Result, done, refused } from './refusal.js';
import { type AskedRun, type PlannedRun, requestEntry } from './request-entry.js';
import { RunFile } from './run-file.js';
import { openRunFiles } from './run-files.js';
import { runLocks } from './run-locks.js';
import type { RunState } from './run-state.js';
import { doneWith } from './said-in.js';
import { Turns } from './turns.js';
import { worldPerformer } from './world-performer.js';

/** How often a run that an earlier process left is tried to be taken up. */
const TAKE_UP_AGAIN: Millis = 1_000;

export interface RunnerParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly ports: Ports;
  readonly runbooks: readonly Runbook[];
  readonly installation: string;
  /** What a request of this mode needs before it starts. */
  policy(mode: Mode, urgency: 'planned' | 'emergency'): ApprovalPolicy;
  permitSubject(run: PreparedRun, at: StepAt): PermitSubject;
  /** Undefined for a host outside of the core datacenters. */
  datacenterOf(host: HostName): DatacenterName | undefined;
  trouble(text: string): void;
}

/** A run as commands and pages look at it. */
export interface RunView {
  readonly run: PreparedRun;
  readonly state: RunState;
}

/** What a message has done: the entry that it became, and the run as that entry left it. */
export interface Done extends RunView {
  readonly recorded: Recorded;
}

export interface Runner {
  /** Plans without asking for anything. Reads the world. */
  plan(asked: AskedRun): Promise<Result<PlannedRun>>;
  /**
   * Plans, and journals the request. The run begins when its approvals are there and somebody drives it. A message that
   * has asked for a run gets that one again, as it was then.
   */
  request(asked: AskedRun, by: Caller): Promise<Result<RunView>>;
  /** Somebody's order, decided on the run as it is at that moment. A message that has become an entry gets that one again. */
  order(run: RunId, order: Order, by: Caller): Promise<Result<Recorded>>;
  /** What this very message has done already; undefined where that is nothing. Reads. */
  doneWith(said: Said): Promise<Done | undefined>;
  view(run: RunId): Promise<RunView | undefined>;
  unfinished(): Promise<RunId[]>;
  /** Drives a run in this process, taking it up first where an earlier process left it. Resolves when it has ended, or at close; never rejects. */
  drive(run: RunId): Promise<void>;
  isDriven(run: RunId): boolean;
  close(): Promise<void>;
}

export function openRunner(parts: RunnerParts): Runner {
  const { journal, clock, ports, runbooks } = parts;
  const locks = runLocks(ports.locks, clock, parts.installation);
  const driven = new Map<RunId, Promise<void>>();
  const begunHere = new Set<RunId>();
  const turns = new Turns();
  const closing = new AbortController();

  const readersFor = (state: () => RunState | undefined, signal: AbortSignal): Readers => ({
    state: ports.state,
    databases: ports.databases,
    dns: ports.dns,
    site: ports.site,
    hosts: ports.hosts,
    signal,
    now: () => clock.now(),
    recall: (task) => recallFrom(state(), task),
  });

  const prepare = async (
    runbook: Runbook,
    params: Json,
    mode: Mode,
  ): Promise<ReturnType<typeof prepareRun>> =>
    prepareRun(runbook, params, mode, usualDurations(await endedRuns(journal, runbook.name, mode)));

  const files = openRunFiles(journal, clock, runbooks, prepare);

  const performerFor = (file: RunFile): Performer => {
    const readers = (at: StepAt): Readers => readersFor(() => file.state, at.signal);
    if (file.prepared.mode === 'dry-run') return overlayPerformer(readers, file.state);
    return worldPerformer({
      readers,
      writers: (at) =>
        guardedWriters(ports, clock, {
          subject: parts.permitSubject(file.prepared, at),
          authority: { person: file.state.operator, reason: file.state.reason, run: file.state.run },
          leases: file.leases,
          refused: (lease) => file.refused.add(lease),
          signal: at.signal,
          datacenterOf: (host) => parts.datacenterOf(host),
        }),
    });
  };

  const plan = async (asked: AskedRun): Promise<Result<PlannedRun>> => {
    const runbook = runbooks.find((candidate) => candidate.name === asked.runbook);
    if (runbook === undefined)
      return refused(
        `there is no runbook ${asked.runbook}`,
        runbooks.map((known) => known.name).join(' or '),
      );
    const readers = readersFor(() => undefined, closing.signal);
    try {
      const completed = await runbook.complete(asked.params, asked.mode, readers);
      if (!completed.ok) return refused(completed.problem, completed.needed);
      const prepared = await prepare(runbook, completed.params, asked.mode);
      if (!prepared.ok) return refused(prepared.problem, prepared.needed);
      const policy = parts.policy(asked.mode, runbook.urgency(completed.params));
      return done({ run: prepared.run, plan: await makePlan(prepared.run, readers), policy });
    } catch (error) {
      return refused(
        `the world cannot be looked at (${explainError(error)})`,
        'a store and servers that answer; then ask again',
      );
    }
  };

  const begin = async (asked: AskedRun, planned: PlannedRun, by: Said): Promise<RunView> => {
    const { run } = planned;
    const file = await RunFile.begin(run, journal, clock, requestEntry(asked, planned, by));
    files.keep(file);
    begunHere.add(file.state.run);
    return { run, state: file.state };
  };

  /** The run as an entry left it. */
  const viewAt = async ({ run, seq }: Recorded): Promise<RunView | undefined> => {
    const file = await files.load(run);
    const state = foldRun((await journal.read(run)).slice(0, seq));
    return file === undefined || state === undefined ? undefined : { run: file.prepared, state };
  };

  /** Where the journal cannot be written, nothing goes on: it is tried again until it can be, or until closing. */
  const takeUp = async (file: RunFile, readers: Readers): Promise<void> => {
    const { run } = file.state;
    while (!begunHere.has(run) && !closing.signal.aborted) {
      try {
        await recoverRun(file, readers, clock);
        begunHere.add(run);
      } catch (error) {
        parts.trouble(`run ${run} cannot be taken up: ${explainError(error)}`);
        await sleep(clock, TAKE_UP_AGAIN, closing.signal).catch(() => undefined);
      }
    }
  };

  const driveOnce = async (run: RunId): Promise<void> => {
    const file = await files.load(run);
    if (file === undefined || file.state.stage === 'ended') return;
    const readers = readersFor(() => file.state, closing.signal);
    await takeUp(file, readers);
    await drive({
      file,
      performer: performerFor(file),
      readers,
      locks,
      clock,
      signal: closing.signal,
      trouble: (text) => {
        parts.trouble(text);
      },
    });
    files.forget(run);
  };

  return {
    plan,
    request: (asked, { said }) =>
      turns.take(said.message, async () => {
        const already = await doneWith(said, journal);
        if (already !== undefined) {
          const view = await viewAt(already);
          return view === undefined ? noRun(already.run) : done(view);
        }
        const planned = await plan(asked);
        return planned.ok ? done(await begin(asked, planned.value, said)) : planned;
      }),
    order: (run, order, by) =>
      turns.take(by.said.message, async () => {
        const file = await files.load(run);
        if (file === undefined) return noRun(run);
        return file.exclusively(async (append) => {
          const already = await doneWith(by.said, journal);
          if (already !== undefined) return done(already);
          const result = order({ run: file.prepared, state: file.state, caller: by, now: clock.now() });
          return result.ok ? done(await append(result.value)) : result;
        });
      }),
    async doneWith(said) {
      const recorded = await doneWith(said, journal);
      const view = recorded && (await viewAt(recorded));
      return recorded && view && { recorded, ...view };
    },
    async view(run) {
      const file = await files.load(run);
      return file === undefined ? undefined : { run: file.prepared, state: file.state };
    },
    unfinished: () => journal.unfinished(),
    drive(run) {
      const known = driven.get(run);
      if (known !== undefined) return known;
      const driving = driveOnce(run)
        .catch((error: unknown) => {
          // Nobody may be waiting for it; an unheard rejection would end the process and with it every other run.
          parts.trouble(`run ${run} cannot be driven: ${explainError(error)}`);
        })
        .finally(() => driven.delete(run));
      driven.set(run, driving);
      return driving;
    },
    isDriven: (run) => driven.has(run),
    async close() {
      closing.abort(new Error('closing'));
      await Promise.allSettled(driven.values());
    },
  };
}

const noRun = (run: RunId): Result<never> => refused(`there is no run ${run}`, '`runs` lists them');

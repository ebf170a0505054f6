/**
 * The runner: requests become runs, orders become entries, and runs are driven through their phases.
 *
 * Invariants: nothing happens that is not in the journal first; one process holds the data directory and is the only one
 * that appends; every entry is decided on the state it is appended to. What it does not do: know people's words (commands
 * do) or tell anybody (followers of the journal do).
 */
import { type Clock, sleep } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { DatacenterName } from '../domain/names.js';
import type { Reason } from '../domain/reason.js';
import type { PermitSubject } from '../access/permit.js';
import type { HostName } from '../hosts/hosts.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Mode } from '../runbook/mode.js';
import type { Plan } from '../runbook/plan.js';
import type { Runbook } from '../runbook/runbook.js';
import type { Readers } from '../runbook/world.js';
import { drive } from './drive.js';
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
import { RunFile } from './run-file.js';
import { runLocks } from './run-locks.js';
import type { RunState } from './run-state.js';
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

export interface AskedRun {
  readonly runbook: string;
  readonly params: Json;
  readonly mode: Mode;
  readonly reason: Reason;
  readonly event?: string;
}

export interface PlannedRun {
  readonly run: PreparedRun;
  readonly plan: Plan;
  readonly policy: ApprovalPolicy;
}

/** A run as commands and pages look at it. */
export interface RunView {
  readonly run: PreparedRun;
  readonly state: RunState;
}

export interface Runner {
  /** Plans without asking for anything. Reads the world. */
  plan(asked: AskedRun): Promise<Result<PlannedRun>>;
  /** Plans, and journals the request. The run begins when its approvals are there and somebody drives it. */
  request(asked: AskedRun, by: Caller): Promise<Result<RunView>>;
  /** Somebody's order, decided on the run as it is at that moment. */
  order(run: RunId, order: Order, by: Caller): Promise<Result<Recorded>>;
  view(run: RunId): Promise<RunView | undefined>;
  unfinished(): Promise<RunId[]>;
  /** Drives a run in this process, taking it up first where an earlier process left it. Resolves when it has ended, or at close; never rejects. */
  drive(run: RunId): Promise<void>;
  isDriven(run: RunId): boolean;
  close(): Promise<void>;
}

/** So many ended runs are kept in memory. */
const MOST_ENDED = 4;

export function openRunner(parts: RunnerParts): Runner {
  const { journal, clock, ports, runbooks } = parts;
  const locks = runLocks(ports.locks, clock, parts.installation);
  const files = new Map<RunId, Promise<RunFile | undefined>>();
  const ended: RunId[] = [];
  const driven = new Map<RunId, Promise<void>>();
  const begunHere = new Set<RunId>();
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

  /** Ended runs are looked at again for a while (a recap, a follower that catches up), and then left in the journal. */
  const forgetOldest = (run: RunId): void => {
    ended.push(run);
    for (const oldest of ended.splice(0, Math.max(0, ended.length - MOST_ENDED))) files.delete(oldest);
  };

  const load = (run: RunId): Promise<RunFile | undefined> => {
    const known = files.get(run);
    if (known !== undefined) return known;
    const loading = loadFile(run);
    files.set(run, loading);
    // A run that could not be read just now, or is not there yet, is read again when it is next asked for.
    const forget = (file?: RunFile): void => {
      if (file === undefined && files.get(run) === loading) files.delete(run);
      if (file?.state.stage === 'ended') forgetOldest(run);
    };
    loading.then(forget, () => {
      forget();
    });
    return loading;
  };

  const loadFile = async (run: RunId): Promise<RunFile | undefined> => {
    const state = foldRun(await journal.read(run));
    const runbook = runbooks.find((candidate) => candidate.name === state?.runbook);
    if (state === undefined || runbook === undefined) return undefined;
    const prepared = await prepare(runbook, state.params, state.mode);
    return prepared.ok ? RunFile.load(run, () => prepared.run, journal, clock) : undefined;
  };

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
    const file = await load(run);
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
    files.delete(run);
  };

  return {
    plan,
    async request(asked, by) {
      const planned = await plan(asked);
      if (!planned.ok) return planned;
      const { run, policy } = planned.value;
      const file = await RunFile.begin(run, journal, clock, {
        kind: 'run-requested',
        runbook: run.runbook,
        version: run.version,
        params: run.params,
        mode: run.mode,
        reason: asked.reason,
        by: by.said,
        ...(asked.event === undefined ? {} : { event: asked.event }),
        description: run.description,
        plan: planned.value.plan,
        policy,
      });
      files.set(file.state.run, Promise.resolve(file));
      begunHere.add(file.state.run);
      return done({ run, state: file.state });
    },
    async order(run, order, by) {
      const file = await load(run);
      if (file === undefined) return refused(`there is no run ${run}`, '`runs` lists them');
      return file.exclusively(async (append) => {
        const result = order({ run: file.prepared, state: file.state, caller: by, now: clock.now() });
        return result.ok ? done(await append(result.value)) : result;
      });
    },
    async view(run) {
      const file = await load(run);
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

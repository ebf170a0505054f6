import type { Instant, Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { RoleName } from '../domain/names.js';
import type { Finding } from './finding.js';
import type { PlannedChange } from './planned-change.js';
import type { PhaseId, TaskId } from './task-id.js';
import type { Readers, Writers } from './world.js';

export type { PhaseId, TaskId };

/** Written for somebody doing this for the first time, at 3 a.m. */
export interface Explanation {
  readonly does: string;
  readonly checkByHand: string;
  readonly wentWrongBefore: string;
}

export interface CheckResult<B extends Json> {
  /** Whether the step may go ahead. */
  readonly finding: Finding;
  /** What is about to be replaced. The first one a task records is its rollback picture and is never replaced. */
  readonly before: B;
  /** What is still to be changed; nothing when the world is already as wanted, and then apply is not called. */
  readonly changes: readonly PlannedChange[];
}

/** When an apply took effect, as exactly as is known; lifetimes count from `latest`. */
export interface AppliedAt {
  readonly earliest: Instant;
  readonly latest: Instant;
}

export interface Facts<B extends Json, D extends Json> {
  readonly before: B;
  /** What apply returned; undefined after a crash in between, or when there was nothing to apply. */
  readonly done: D | undefined;
  readonly appliedAt: AppliedAt;
  /** What the look before this one saw to hold, where it has to hold for a while (`Finding.heldSince`). */
  readonly held?: Held;
}

export interface Held {
  readonly since: Instant;
  /** When that look ended: after a restart it is long ago. */
  readonly seenAt: Instant;
}

/** How often a `not-yet` is looked at again and for how long at most; data, so that the runner can journal it. */
export interface Patience {
  readonly every: Millis;
  readonly upTo: Millis;
}

export interface Step<B extends Json = Json, D extends Json = Json> {
  readonly explain: Explanation;
  readonly patience: Patience;
  /**
   * What recovery may do when it is not known whether an apply had its effect; it always checks first. `safe`: apply
   * what the check still lists. `after-check`: apply again only if the check lists all of it, as at first. `ask`: a person.
   */
  readonly again: 'safe' | 'after-check' | 'ask';
  /** Reads. */
  check(see: Readers): Promise<CheckResult<B>>;
  /** Writes, once: one transaction, one command or one statement over many. Returns what verify and rollback need. */
  apply(act: Writers, before: B): Promise<D>;
  /** Reads: whether it is observed on every datacenter, server and section that it concerns. */
  verify(see: Readers, facts: Facts<B, D>): Promise<Finding>;
  /** Pure: whether a further round of check and apply is wanted. */
  more?(done: readonly D[]): boolean;
}

/** How an apply is taken back. `needless`: nothing is left behind that matters. */
export type Undo = StepBack | { readonly needless: string } | { readonly impossible: string };

export interface StepBack extends Step {
  /**
   * From when on it is owed. `applied`, the default: once an apply of the task has begun. `reached`: as soon as the
   * task's phase has begun, for what follows from other tasks' writes by itself; what is to be done, if anything, is
   * what its check lists.
   */
  readonly owedOnce?: 'applied' | 'reached';
}

export interface After {
  readonly task: TaskId;
  readonly once: 'applied' | 'verified';
}

export interface TaskOf<B extends Json, D extends Json> extends Step<B, D> {
  readonly id: TaskId;
  readonly title: string;
  /** Order inside the phase; everything else runs in parallel. */
  readonly after?: readonly After[];
  /** When verify is due at the latest; default: the end of its own phase. */
  readonly provenBy?: PhaseId;
  readonly inLiveTest: 'same' | 'skip' | (Step & { readonly rollback: Undo });
  readonly inEmergency: 'same' | 'skip';
  readonly rollback: Undo;
}

/** A task whose types of `before` and `done` are its own business. */
export type Task = TaskOf<Json, Json>;

/**
 * Defines a task. The journal keeps `before` and `done` as plain data and gives each task back what it recorded
 * itself, so its types may be forgotten here, in this one place.
 */
export function defineTask<B extends Json, D extends Json>(task: TaskOf<B, D>): Task {
  return task;
}

/** The same for a step that is not a task: a rollback, or a live-test answer. */
export function defineStep<B extends Json, D extends Json, S extends Step<B, D>>(
  step: S,
): Step & Omit<S, keyof Step> {
  return step;
}

/** Done by a person, confirmed in chat with `done NAME`, logged and timed like the others. */
export interface ManualTask {
  readonly id: TaskId;
  readonly title: string;
  readonly explain: Explanation;
  readonly assignedTo: RoleName;
  /** The prescribed line for the Server Admin Log. */
  readonly salText: string;
  readonly after?: readonly After[];
  readonly inLiveTest: 'same' | 'skip';
  readonly inEmergency: 'same' | 'skip';
  readonly rollback:
    { readonly ask: string } | { readonly needless: string } | { readonly impossible: string };
  /** What can be observed of it; a person's word is not enough where this says otherwise. */
  verify?(see: Readers): Promise<Finding>;
}

export const isManual = (task: Task | ManualTask): task is ManualTask => 'assignedTo' in task;

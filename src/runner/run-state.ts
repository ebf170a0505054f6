import type { Instant, Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { PersonName, RoleName } from '../domain/names.js';
import type { Reason } from '../domain/reason.js';
import type { LockName, LockOwner } from '../state/locks.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Evidence, Finding } from '../runbook/finding.js';
import type { Mode } from '../runbook/mode.js';
import type { Plan, PlannedPhase } from '../runbook/plan.js';
import type { PlannedChange } from '../runbook/planned-change.js';
import type { AppliedAt, PhaseId, TaskId } from '../runbook/task.js';
import type { Direction, GateFor, GateId, Reminder, Said, StepName, TaskEnd, Verdict } from './entry.js';
import type { RunId } from './journal.js';

export interface RunningStep {
  readonly step: StepName;
  readonly round: number;
  readonly attempt: number;
  readonly since: Instant;
}

/** One walk through check, apply and verify; a task has one forwards and, when it is taken back, one backwards. */
export interface StepProgress {
  /** `ready`: checked, to be applied. `applied`: done, or there was nothing to do; to be proven. */
  readonly stage: 'pending' | 'ready' | 'applied' | 'proven' | 'failed';
  readonly round: number;
  readonly attempts: Readonly<Record<StepName, number>>;
  readonly running?: RunningStep;
  /** What the first apply replaced: the rollback picture, never replaced itself. Until then, what was seen last. */
  readonly before?: Json;
  readonly newestBefore?: Json;
  /** What was listed for the first apply of this round (since a person last had it tried again). */
  readonly firstChanges?: readonly PlannedChange[];
  readonly changes: readonly PlannedChange[];
  /** What each round returned. */
  readonly done: readonly Json[];
  /** False after an apply whose outcome was lost. */
  readonly doneKnown: boolean;
  readonly applyStarted?: Instant;
  /** The last apply's outcome is not known and the world has not been looked at since. */
  readonly applyUnknown: boolean;
  readonly appliedAt?: AppliedAt;
  /** Since when applies have failed, certainly without effect, with no other outcome in between. */
  readonly applyFailingSince?: Instant;
  /** Since when it has been looked at again and again, and what was seen last. */
  readonly waitingSince?: Instant;
  /** The latest instant that a finding said it would be so at; until then no patience is lost. */
  readonly waitedUntil?: Instant;
  readonly lastLook?: { readonly at: Instant; readonly finding?: Finding; readonly problem?: string };
  readonly problem?: string;
  readonly evidence: readonly Evidence[];
}

export interface TaskState {
  readonly forward: StepProgress;
  readonly back?: StepProgress;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly end?: TaskEnd;
  readonly wouldStop: boolean;
  readonly asked?: { readonly of: RoleName; readonly since: Instant; readonly direction: Direction };
  readonly confirmed?: { readonly by: PersonName; readonly at: Instant };
  readonly backConfirmed?: { readonly by: PersonName; readonly at: Instant };
  readonly skipped?: {
    readonly by: PersonName;
    readonly agreedBy: readonly PersonName[];
    readonly reason: string;
  };
  /** How taking it back ended without a step. */
  readonly leftAsIs?: { readonly because: string; readonly possible: boolean };
}

export interface Vote {
  readonly by: Said;
  readonly roles: readonly RoleName[];
  readonly verdict: Verdict;
  readonly digest: string;
  readonly at: Instant;
  readonly note?: string;
}

export interface Gate {
  readonly id: GateId;
  readonly for: GateFor;
  readonly policy: ApprovalPolicy;
  readonly digest: string;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly asker: PersonName;
  readonly votes: readonly Vote[];
  readonly settled?: {
    readonly verdict: Verdict | 'expired';
    readonly because: string;
    readonly at: Instant;
  };
  readonly changed: boolean;
  /** How loudly it was told last, after it was asked. */
  readonly reminded?: Reminder;
}

export interface RunState {
  readonly run: RunId;
  /** Of the newest entry. */
  readonly seq: number;
  readonly updatedAt: Instant;
  readonly runbook: string;
  readonly version: string;
  readonly params: Json;
  readonly mode: Mode;
  readonly reason: Reason;
  readonly requestedBy: Said;
  readonly requestedAt: Instant;
  readonly operator: PersonName;
  readonly event?: string;
  readonly description: string;
  /** As last shown to people. */
  readonly plan: Plan;
  readonly planned: Readonly<Record<PhaseId, PlannedPhase>>;
  readonly policy: ApprovalPolicy;
  readonly stage: 'requested' | 'running' | 'ended';
  readonly startedAt?: Instant;
  readonly phases: Readonly<Record<PhaseId, { readonly startedAt: Instant; readonly endedAt?: Instant }>>;
  readonly tasks: Readonly<Record<TaskId, TaskState>>;
  readonly gates: readonly Gate[];
  readonly fences: Readonly<Record<LockName, number>>;
  readonly leaseLost?: {
    readonly lock: LockName;
    readonly since: Instant;
    /** Who has it now, where that is somebody else. */
    readonly takenBy?: LockOwner;
  };
  readonly hold?: { readonly because: string; readonly since: Instant; readonly by?: PersonName };
  readonly abort?: { readonly by: PersonName; readonly reason: string; readonly at: Instant };
  /** The order in which tasks are taken back. */
  readonly rollback?: readonly TaskId[];
  /** Applies and confirmations, oldest first: what a rollback reverses. */
  readonly appliedOrder: readonly TaskId[];
  /** How often it has been taken up inside its read-only window. */
  readonly recoveries: number;
  /** What alarms have been raised about, so that each is raised once. */
  readonly alarms: readonly string[];
  readonly ended?: {
    readonly result: 'PASS' | 'FAIL' | 'ABORTED';
    readonly because: string;
    readonly at: Instant;
    readonly counts: Readonly<Record<TaskEnd, number>>;
  };
}

export const freshProgress: StepProgress = {
  stage: 'pending',
  round: 1,
  attempts: { check: 0, apply: 0, verify: 0 },
  changes: [],
  done: [],
  doneKnown: true,
  applyUnknown: false,
  evidence: [],
};

export const freshTask: TaskState = { forward: freshProgress, wouldStop: false };

export function taskState(state: RunState, id: TaskId): TaskState {
  return state.tasks[id] ?? freshTask;
}

export function withTask(state: RunState, id: TaskId, change: (task: TaskState) => TaskState): RunState {
  return { ...state, tasks: { ...state.tasks, [id]: change(taskState(state, id)) } };
}

/** The gate that is waiting for votes, for a phase or the request; skips are asked beside it. */
export function openGates(state: RunState): Gate[] {
  return state.gates.filter((gate) => gate.settled === undefined);
}

/** Whether a person has been asked to do a task, or to take it back, and has not said that it is done. */
export function waitsForWord(state: RunState, task: TaskState): boolean {
  if (state.rollback !== undefined)
    return task.asked?.direction === 'back' && task.backConfirmed === undefined;
  return task.asked?.direction === 'forward' && task.confirmed === undefined && task.end === undefined;
}

export function duration(from: Instant | undefined, to: Instant | undefined): Millis | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

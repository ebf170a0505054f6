import type { Instant, Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { PersonName, RoleName } from '../domain/names.js';
import type { Reason } from '../domain/reason.js';
import type { LockName, LockOwner } from '../state/locks.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Finding } from '../runbook/finding.js';
import type { Mode } from '../runbook/mode.js';
import type { Plan, PlanDifference } from '../runbook/plan.js';
import type { PlannedChange } from '../runbook/planned-change.js';
import type { PhaseId, TaskId } from '../runbook/task.js';

/**
 * Somebody's word, with where and as whom it was given. One message acts once: where an entry holds the `message` of
 * the same identity, whatever a chat delivers once more under that id is answered again and not done again.
 */
export interface Said {
  readonly person: PersonName;
  /** The identity that vouched for the person: `terminal:alice`, `irc:alice`, `slack:T1/U2`. */
  readonly identity: string;
  /** Where it was said: a channel or `cli`. */
  readonly chat: string;
  /** Names the message it was said with for ever, over all chats; older journals have none. */
  readonly message?: string;
}

export type StepName = 'check' | 'apply' | 'verify';
export type Direction = 'forward' | 'back';

/** `5`, or `5/skip/00-warm-up`, unique within the run. */
export type GateId = string;

export type GateFor =
  | { readonly kind: 'request' }
  | { readonly kind: 'phase'; readonly phase: PhaseId }
  | { readonly kind: 'skip'; readonly task: TaskId; readonly reason: string; readonly by: Said };

export type Verdict = 'go' | 'nogo';

/** How loudly an open gate is told once more: in the channel, by calling who is missing, to each of them alone. */
export type Reminder = 'again' | 'mention' | 'direct';

export type Outcome =
  | {
      readonly kind: 'checked';
      readonly finding: Finding;
      readonly before: Json;
      readonly changes: readonly PlannedChange[];
      /** Only in a dry run: a real run would have stopped here. */
      readonly wouldStop?: boolean;
    }
  | { readonly kind: 'done'; readonly done: Json }
  /** A dry run laid the changes over what it sees; nothing was done that could have returned something. */
  | { readonly kind: 'laid' }
  | { readonly kind: 'found'; readonly finding: Finding; readonly wouldStop?: boolean }
  /** Certainly had no effect; `retry` tells whether the same may be tried again without a person. */
  | { readonly kind: 'failed'; readonly because: string; readonly retry: 'safe' | 'never' }
  /** An apply that may or may not have had its effect; `latest` is when that was noticed. */
  | { readonly kind: 'unknown'; readonly because: string };

/** What happened in a run. Once released, a kind's shape only ever gains optional fields: old journals fold for ever. */
export type Entry =
  | {
      readonly kind: 'run-requested';
      readonly runbook: string;
      readonly version: string;
      readonly params: Json;
      readonly mode: Mode;
      readonly reason: Reason;
      readonly by: Said;
      /** Calendar event the run belongs to, `2026-northward`. */
      readonly event?: string;
      readonly description: string;
      readonly plan: Plan;
      readonly policy: ApprovalPolicy;
    }
  | {
      readonly kind: 'gate-opened';
      readonly gate: GateId;
      readonly for: GateFor;
      readonly policy: ApprovalPolicy;
      readonly digest: string;
      readonly expiresAt: Instant;
      readonly asker: PersonName;
      /** What is different from the plan that was shown before; earlier votes have lapsed. */
      readonly difference?: readonly PlanDifference[];
      /** The phases that remain, planned anew; left out where nothing changed. */
      readonly plan?: Plan;
    }
  | {
      readonly kind: 'vote-cast';
      readonly gate: GateId;
      readonly by: Said;
      readonly roles: readonly RoleName[];
      readonly verdict: Verdict;
      /** Of the plan last shown at that gate. */
      readonly digest: string;
      readonly note?: string;
    }
  | {
      readonly kind: 'gate-settled';
      readonly gate: GateId;
      readonly verdict: Verdict | 'expired';
      readonly because: string;
    }
  /** A GO or NOGO taken back by the one who gave it, while the gate is open: as if it had not been given. */
  | { readonly kind: 'vote-withdrawn'; readonly gate: GateId; readonly by: Said }
  /** The question was put once more; told once for each gate and each loudness. */
  | { readonly kind: 'gate-reminded'; readonly gate: GateId; readonly how: Reminder }
  | { readonly kind: 'locks-taken'; readonly fences: Readonly<Record<LockName, number>> }
  | { readonly kind: 'lease-lost'; readonly lock: LockName; readonly because: string }
  /** Somebody else has a lock that was lost; told once for each owner. */
  | { readonly kind: 'lock-taken-by-another'; readonly lock: LockName; readonly owner: LockOwner }
  | { readonly kind: 'locks-regained'; readonly fences: Readonly<Record<LockName, number>> }
  /** `plan`: where it is another one than at the request, and nobody has to be asked anew. */
  | { readonly kind: 'run-started'; readonly digest: string; readonly plan?: Plan }
  | { readonly kind: 'phase-started'; readonly phase: PhaseId }
  | { readonly kind: 'phase-ended'; readonly phase: PhaseId }
  | {
      readonly kind: 'step-started';
      readonly task: TaskId;
      readonly step: StepName;
      readonly direction: Direction;
      readonly round: number;
      /** From 1, within the round and the step. */
      readonly attempt: number;
    }
  | {
      readonly kind: 'step-ended';
      readonly task: TaskId;
      readonly step: StepName;
      readonly direction: Direction;
      readonly round: number;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly took: Millis;
    }
  /** A task whose answer is to do nothing: by its own declaration, or a manual task that a dry run only shows. */
  | {
      readonly kind: 'task-passed-over';
      readonly task: TaskId;
      readonly because: 'live-test' | 'emergency' | 'dry-run';
    }
  | {
      readonly kind: 'task-asked';
      readonly task: TaskId;
      readonly direction: Direction;
      readonly of: RoleName;
      readonly what: string;
    }
  /** `verify`: a person's word is not enough for this task, it is still to be observed. */
  | {
      readonly kind: 'task-confirmed';
      readonly task: TaskId;
      readonly direction: Direction;
      readonly by: Said;
      readonly note?: string;
      readonly then?: 'verify';
    }
  | {
      readonly kind: 'task-skipped';
      readonly task: TaskId;
      readonly by: Said;
      readonly agreedBy: readonly PersonName[];
      readonly reason: string;
    }
  /** A task can't go on by itself: its patience ended, or an apply of unknown outcome that a person has to judge. */
  | {
      readonly kind: 'task-stuck';
      readonly task: TaskId;
      readonly direction: Direction;
      readonly because: string;
    }
  | { readonly kind: 'retry-asked'; readonly task: TaskId; readonly by: Said }
  | { readonly kind: 'run-held'; readonly because: string; readonly by?: Said }
  | { readonly kind: 'run-resumed'; readonly by: Said }
  | { readonly kind: 'operator-changed'; readonly to: PersonName; readonly by: Said }
  | { readonly kind: 'abort-asked'; readonly by: Said; readonly reason: string }
  | { readonly kind: 'rollback-started'; readonly tasks: readonly TaskId[] }
  /** Taking a task back: nothing needed, or nothing possible. */
  | {
      readonly kind: 'undo-passed-over';
      readonly task: TaskId;
      readonly because: string;
      readonly possible: boolean;
    }
  /**
   * A new process found the run unfinished. `agrees`: the world is as the journal says, as far as it was looked at.
   * `urgent`: inside the read-only window; left out means yes.
   */
  | {
      readonly kind: 'recovered';
      readonly urgent?: boolean;
      readonly gap: Millis;
      readonly agrees: boolean;
      readonly evidence: readonly string[];
    }
  | { readonly kind: 'alarm'; readonly about: string; readonly text: string }
  | {
      readonly kind: 'run-ended';
      readonly result: 'PASS' | 'FAIL' | 'ABORTED';
      readonly because: string;
      readonly counts: Readonly<Record<TaskEnd, number>>;
    };

/** How a task came out. `would-stop`: a dry run found what would have stopped a real one. */
export type TaskEnd =
  | 'observed'
  | 'confirmed'
  | 'skipped-in-live-test'
  | 'skipped-in-emergency'
  | 'skipped-by-person'
  | 'shown'
  | 'would-stop'
  | 'taken-back'
  | 'not-run';

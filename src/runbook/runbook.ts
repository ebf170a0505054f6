/**
 * The model of what a run does: a runbook has phases in order, a phase has tasks, a task is check, apply, verify and
 * a way back. No I/O here. Invariants: nothing asks its mode (a task declares its live-test answer, the structure does
 * the rest); whatever is written is declared as a planned change first; what is read is read through Readers.
 */
import type { Instant, Millis } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { LockName } from '../state/locks.js';
import type { ApprovalPolicy } from './approval-policy.js';
import type { Mode } from './mode.js';
import type { ManualTask, PhaseId, Task, TaskId } from './task.js';
import type { Readers } from './world.js';

export interface Phase {
  readonly id: PhaseId;
  readonly title: string;
  /** The GO/NOGO asked before its first task. */
  readonly gate?: ApprovalPolicy;
  /** Set on runs attached to a calendar event. */
  readonly notBefore?: Instant;
  /** Part of the read-only window: recovery goes on by itself, nothing waits for a prompt. */
  readonly urgent: boolean;
  readonly tasks: readonly (Task | ManualTask)[];
}

/** The period that people cannot edit: from the apply of one task until another has been observed. */
export interface ReadOnlyWindow {
  readonly opens: TaskId;
  readonly closes: TaskId;
  readonly budget: Millis;
}

export type ParamsResult<P> =
  | { readonly ok: true; readonly params: P }
  | { readonly ok: false; readonly problem: string; readonly needed: string };

export interface Runbook<P = Json> {
  readonly name: string;
  readonly version: string;
  readonly window?: ReadOnlyWindow;
  /** From the start of this task's apply, only forward is possible; `because` explains it to the person who aborts. */
  readonly pointOfNoReturn?: { readonly task: TaskId; readonly because: string };
  locks(params: P): readonly LockName[];
  /** Reads params back from a journal or a request. Pure. */
  parse(raw: Json): ParamsResult<P>;
  /**
   * Completes what a person asked for by what the world says (a direction that was left out), and refuses what the world
   * contradicts: a live run from a datacenter that is not the primary, a rehearsal towards one that is not. Reads.
   */
  complete(raw: Json, mode: Mode, see: Readers): Promise<ParamsResult<P>>;
  /** In an emergency, tasks give their emergency answer. */
  urgency(params: P): 'planned' | 'emergency';
  /** `for datacenter switchover from codfw to eqiad`: follows the runbook's name in log lines. */
  describe(params: P): string;
  phases(params: P, mode: Mode): readonly Phase[];
}

import type { Json } from '../domain/json.js';
import type { PlannedChange } from '../runbook/planned-change.js';
import type { Facts, PhaseId, Step, TaskId } from '../runbook/task.js';
import type { Finding } from '../runbook/finding.js';
import type { Readers } from '../runbook/world.js';
import type { Direction, Outcome } from './entry.js';
import type { RunState } from './run-state.js';

/** What a performer is told about the step it performs. */
export interface StepAt {
  readonly task: TaskId;
  readonly phase: PhaseId;
  readonly direction: Direction;
  readonly state: RunState;
  readonly signal: AbortSignal;
}

/**
 * Carries out one step and says how it came out; never throws. There are two: one acts on the world, the other lays
 * what would be changed over it. Which one a run has is decided once, by its mode.
 */
export interface Performer {
  check(step: Pick<Step, 'check'>, at: StepAt): Promise<Outcome>;
  apply(
    step: Pick<Step, 'apply'>,
    at: StepAt,
    before: Json,
    changes: readonly PlannedChange[],
  ): Promise<Outcome>;
  verify(
    verify: (see: Readers, facts: Facts<Json, Json>) => Promise<Finding>,
    at: StepAt,
    facts: Facts<Json, Json>,
  ): Promise<Outcome>;
}

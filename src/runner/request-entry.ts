import type { Json } from '../domain/json.js';
import type { Reason } from '../domain/reason.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Mode } from '../runbook/mode.js';
import type { Plan } from '../runbook/plan.js';
import type { Entry, Said } from './entry.js';
import type { PreparedRun } from './prepared-run.js';

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

/** The first entry of a run: what was asked for, by whom, and what that would do. Pure. */
export function requestEntry(
  { reason, event }: AskedRun,
  { run, plan, policy }: PlannedRun,
  by: Said,
): Entry & { kind: 'run-requested' } {
  return {
    kind: 'run-requested',
    runbook: run.runbook,
    version: run.version,
    params: run.params,
    mode: run.mode,
    reason,
    by,
    ...(event === undefined ? {} : { event }),
    description: run.description,
    plan,
    policy,
  };
}

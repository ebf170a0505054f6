import type { Instant } from '../domain/instant.js';
import type { ReadOnlyWindow } from '../runbook/runbook.js';
import { type RunState, taskState } from './run-state.js';

/** The period in which editing was refused: the instants at which it took effect, not those of a log line. */
export interface ReadOnlyPeriod {
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
}

/**
 * From the moment read-only was written (the start of that apply: from then on an editor may be refused) until it was
 * observed on every server that editing is possible again, forwards or by rolling back. Pure.
 */
export function readOnlyPeriod(
  run: { readonly window?: ReadOnlyWindow },
  state: RunState,
): ReadOnlyPeriod | undefined {
  if (run.window === undefined || state.mode === 'dry-run') return undefined;
  const opens = taskState(state, run.window.opens);
  const closes = taskState(state, run.window.closes);
  const startedAt = opens.forward.applyStarted;
  if (startedAt === undefined) return undefined;
  const closedAt =
    closes.forward.stage === 'proven'
      ? closes.endedAt
      : opens.back?.stage === 'proven'
        ? opens.endedAt
        : undefined;
  return closedAt === undefined ? { startedAt } : { startedAt, endedAt: closedAt };
}

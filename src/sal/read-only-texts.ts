import { isoMillis } from '../domain/instant.js';
import type { ReadOnlyWindow } from '../runbook/runbook.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import { type RunState, taskState } from '../runner/run-state.js';

export interface ReadOnlyTexts {
  readonly texts: readonly string[];
  /** Whether the start of the period has now been told. */
  readonly startTold: boolean;
}

/**
 * The two lines that people and graphs look for, each once in a run: when read-only took effect, once it is certain
 * that it did, and when it was over. A write whose answer was lost is told when the world has shown that it happened,
 * with the instant at which it was begun. Pure.
 */
export function readOnlyTexts(
  before: RunState,
  after: RunState,
  window: ReadOnlyWindow | undefined,
  startTold: boolean,
): ReadOnlyTexts {
  const run = window === undefined ? {} : { window };
  const period = readOnlyPeriod(run, after);
  if (window === undefined || period === undefined) return { texts: [], startTold };
  // A write of unknown outcome is looked at again before its task counts as applied.
  const { stage } = taskState(after, window.opens).forward;
  const certain = stage === 'applied' || stage === 'proven';
  const endedAt = readOnlyPeriod(run, before)?.endedAt === undefined ? period.endedAt : undefined;
  const starts = !startTold && (certain || endedAt !== undefined);
  return {
    texts: [
      ...(starts ? [`MediaWiki read-only period starts at: ${isoMillis(period.startedAt)}`] : []),
      ...(endedAt === undefined ? [] : [`MediaWiki read-only period ends at: ${isoMillis(endedAt)}`]),
    ],
    startTold: startTold || starts,
  };
}

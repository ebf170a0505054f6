import type { Instant, Millis } from '../domain/instant.js';
import { readOnlyPeriod } from './read-only-period.js';
import type { ReadOnlyWindow } from '../runbook/runbook.js';
import type { RunState } from './run-state.js';

/** A read-only time that was measured or published, for comparison. */
export interface ReadOnlyTime {
  readonly when: string;
  readonly length: Millis;
  readonly about?: boolean;
}

/** The read-only times of earlier runs, oldest first. Pure. */
export function measuredTimes(runs: readonly RunState[], window: ReadOnlyWindow | undefined): ReadOnlyTime[] {
  return [...runs].reverse().flatMap((state): ReadOnlyTime[] => {
    const period = readOnlyPeriod(window === undefined ? {} : { window }, state);
    if (period?.endedAt === undefined || state.ended?.result !== 'PASS') return [];
    return [
      { when: `run ${state.run}, ${dayOf(state.requestedAt)}`, length: period.endedAt - period.startedAt },
    ];
  });
}

/** How many of the others were longer: `shorter than 5 of 7`. Pure. */
export function compared(length: Millis, others: readonly ReadOnlyTime[]): string | undefined {
  if (others.length === 0) return undefined;
  const longer = others.filter((other) => other.length > length).length;
  return `shorter than ${longer} of ${others.length} earlier ones`;
}

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

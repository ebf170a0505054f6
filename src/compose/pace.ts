import { type Instant, type Millis, SECOND, instant } from '../domain/instant.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunView } from '../runner/runner.js';
import { waitsForPerson } from '../runner/waits.js';

/** From so long before read-only, time is real, so that people can watch it. */
const REAL_BEFORE: Millis = 10 * SECOND;

export interface Pace {
  readonly speed: 'real' | 'fast';
  /** When to ask again, where nothing is journaled before. */
  readonly askAgain?: Instant;
}

/**
 * How fast simulated time runs: in real time from shortly before read-only until it is over, and while a run waits for a
 * person; fast otherwise. Pure.
 */
export function paceOf(views: readonly RunView[], now: Instant): Pace {
  const paces = views.map((view) => paceOfRun(view, now));
  if (paces.some((pace) => pace.speed === 'real')) return { speed: 'real' };
  const asks = paces.flatMap((pace) => (pace.askAgain === undefined ? [] : [pace.askAgain]));
  return asks.length === 0 ? { speed: 'fast' } : { speed: 'fast', askAgain: instant(Math.min(...asks)) };
}

function paceOfRun(view: RunView, now: Instant): Pace {
  const { run, state } = view;
  if (state.stage === 'ended' || state.mode === 'dry-run') return { speed: 'fast' };
  if (waitsForPerson(run, state, now)) return { speed: 'real' };
  const period = readOnlyPeriod(run, state);
  if (period !== undefined) return { speed: period.endedAt === undefined ? 'real' : 'fast' };
  const first = run.phases.find((phase) => phase.urgent);
  if (first === undefined) return { speed: 'fast' };
  if (state.phases[first.id] !== undefined) return { speed: 'real' };
  if (first.notBefore === undefined || first.notBefore <= now) return { speed: 'fast' };
  const from = instant(first.notBefore - REAL_BEFORE);
  return now >= from ? { speed: 'real' } : { speed: 'fast', askAgain: from };
}

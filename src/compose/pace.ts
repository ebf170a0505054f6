import { type Instant, type Millis, SECOND, instant } from '../domain/instant.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunView } from '../runner/runner.js';
import { waitsForPerson } from '../runner/waits.js';

/** From so long before read-only, time is real, so that people can watch it. */
const REAL_BEFORE: Millis = 10 * SECOND;

export interface Pace {
  readonly speed: 'real' | 'fast';
  /** Whether it is read-only that people are to watch, rather than a person who is waited for. */
  readonly around: 'read-only' | 'other';
  /** When to ask again, where nothing is journaled before. */
  readonly askAgain?: Instant;
}

/**
 * How fast simulated time runs: in real time from shortly before read-only until it is over, and while a run waits for a
 * person; fast otherwise. Pure.
 */
export function paceOf(views: readonly RunView[], now: Instant): Pace {
  const paces = views.map((view) => paceOfRun(view, now));
  const around = paces.some((pace) => pace.around === 'read-only') ? 'read-only' : 'other';
  if (paces.some((pace) => pace.speed === 'real')) return { speed: 'real', around };
  const asks = paces.flatMap((pace) => (pace.askAgain === undefined ? [] : [pace.askAgain]));
  return asks.length === 0 ? FAST : { ...FAST, askAgain: instant(Math.min(...asks)) };
}

const FAST: Pace = { speed: 'fast', around: 'other' };

function paceOfRun(view: RunView, now: Instant): Pace {
  const { run, state } = view;
  if (state.stage === 'ended' || state.mode === 'dry-run') return FAST;
  const window = paceOfWindow(view, now);
  return waitsForPerson(run, state, now) ? { speed: 'real', around: window.around } : window;
}

function paceOfWindow({ run, state }: RunView, now: Instant): Pace {
  const watched: Pace = { speed: 'real', around: 'read-only' };
  const period = readOnlyPeriod(run, state);
  if (period !== undefined) return period.endedAt === undefined ? watched : FAST;
  const first = run.phases.find((phase) => phase.urgent);
  if (first === undefined) return FAST;
  if (state.phases[first.id] !== undefined) return watched;
  if (first.notBefore === undefined || first.notBefore <= now) return FAST;
  const from = instant(first.notBefore - REAL_BEFORE);
  return now >= from ? watched : { ...FAST, askAgain: from };
}

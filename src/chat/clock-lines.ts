import {
  type Instant,
  type Millis,
  MINUTE,
  SECOND,
  clockTime,
  formatLength,
  plus,
} from '../domain/instant.js';
import { listed } from '../domain/text.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunView } from '../runner/runner.js';
import { waitsOf } from '../runner/waits.js';
import { runMark } from './gate-lines.js';
import { message, type Message, paragraph } from './message.js';
import { readOnlyClock } from './run-progress.js';

/**
 * What the clock alone has to tell of a run. All of it is due at instants that follow from the journal, never from when
 * a process began: so one that comes after a crash goes on with the next, and repeats nothing.
 */
export interface ClockLine {
  readonly at: Instant;
  /** Unique within the run. */
  readonly key: string;
  readonly message: Message;
  /** Not needed right after something else was told. */
  readonly isHeartbeat: boolean;
}

/** With `QUIET`: in read-only nobody waits for a word longer than 30 s. */
const HEARTBEAT: Millis = 20 * SECOND;

/** A heartbeat this soon after another line would tell nothing new. */
export const QUIET: Millis = 10 * SECOND;

/** What is left of a wait when it is told. */
const MARKS: readonly Millis[] = [30 * MINUTE, 10 * MINUTE, 5 * MINUTE, 2 * MINUTE, MINUTE, 10 * SECOND];

/** Two marks of a short wait are too many, and one that comes right after its beginning is one too. */
const MOST_OF_A_WAIT = 0.8;

/** What is due after `after` and until `now`; of several that came due meanwhile the newest of each kind. Pure. */
export function clockLines(view: RunView, after: Instant, now: Instant): ClockLine[] {
  return [...countdown(view, after, now), ...heartbeat(view, after, now)];
}

/** When there will be something to tell, if nothing else happens. Pure. */
export function nextClockLine(view: RunView, after: Instant): Instant | undefined {
  const period = openPeriod(view);
  const marks = ends(view).flatMap((end) => marksOf(end).filter(({ at }) => at > after));
  const times = [
    ...(period === undefined ? [] : [beatAfter(period.startedAt, after)]),
    ...marks.map(({ at }) => at),
  ];
  return times.length === 0 ? undefined : (Math.min(...times) as Instant);
}

function openPeriod({ run, state }: RunView): { readonly startedAt: Instant } | undefined {
  const period = readOnlyPeriod(run, state);
  return period === undefined || period.endedAt !== undefined || state.stage === 'ended' ? undefined : period;
}

function beatAfter(startedAt: Instant, after: Instant): Instant {
  return plus(startedAt, Math.max(1, Math.floor((after - startedAt) / HEARTBEAT) + 1) * HEARTBEAT);
}

function heartbeat(view: RunView, after: Instant, now: Instant): ClockLine[] {
  const period = openPeriod(view);
  if (period === undefined || beatAfter(period.startedAt, after) > now) return [];
  const { run, state } = view;
  const count = Math.floor((now - period.startedAt) / HEARTBEAT);
  const phase = run.phases.find(({ id }) => state.phases[id]?.endedAt === undefined);
  const waits = waitsOf(run, state, now).slice(0, 2);
  const what = [
    readOnlyClock(view, now) ?? '',
    ...(phase === undefined ? [] : [`phase ${phase.id} ${phase.title}`]),
    ...waits.map((wait) => wait.what),
  ];
  const text = message('plain', paragraph(`${runMark(state)}: ${what.join(' · ')}`));
  const at = plus(period.startedAt, count * HEARTBEAT);
  return [{ at, key: `heartbeat/${count}`, message: text, isHeartbeat: true }];
}

interface End {
  readonly until: Instant;
  readonly since: Instant;
  readonly what: readonly string[];
}

/** What ends by the clock: tasks whose finding says when, and the announced time of the next phase. */
function ends({ run, state }: RunView): End[] {
  if (state.stage !== 'running' || state.hold !== undefined) return [];
  const byUntil = new Map<Instant, End>();
  const add = (until: Instant, since: Instant, what: string): void => {
    const known = byUntil.get(until);
    byUntil.set(until, {
      until,
      since: known === undefined ? since : (Math.min(known.since, since) as Instant),
      what: [...(known?.what ?? []), what],
    });
  };
  for (const [id, task] of Object.entries(state.tasks)) {
    const { stage, lastLook, waitingSince } = task.back ?? task.forward;
    const until = lastLook?.finding?.until;
    if (until !== undefined && task.end === undefined && stage !== 'proven' && stage !== 'failed')
      add(until, waitingSince ?? lastLook?.at ?? until, id);
  }
  for (const wait of waitsOf(run, state, state.updatedAt))
    if (wait.kind === 'time' && wait.until !== undefined) add(wait.until, wait.since, wait.what);
  return [...byUntil.values()];
}

function marksOf({ until, since }: End): { readonly at: Instant; readonly left: Millis }[] {
  return MARKS.filter((left) => left < (until - since) * MOST_OF_A_WAIT).map((left) => ({
    at: plus(until, -left),
    left,
  }));
}

/** Waits with the same end are told in one line. */
function countdown(view: RunView, after: Instant, now: Instant): ClockLine[] {
  return ends(view).flatMap((end): ClockLine[] => {
    if (end.until <= now) return [];
    const due = marksOf(end).findLast(({ at }) => at > after && at <= now);
    if (due === undefined) return [];
    const text = `${runMark(view.state)}: ${formatLength(end.until - now)} left until ${clockTime(end.until)} UTC: ${listed(end.what)}`;
    return [
      {
        at: due.at,
        key: `countdown/${end.until}/${due.left}`,
        message: message('plain', paragraph(text)),
        isHeartbeat: false,
      },
    ];
  });
}

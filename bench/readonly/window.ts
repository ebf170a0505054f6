import type { Entry } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';

/** What the world itself takes, in milliseconds: no procedure is quicker. */
export interface Nature {
  /** Of an app server's copy of the configuration. */
  readonly lifetime: number;
  /** How long the DNS servers take to follow the store, measured idle. */
  readonly dnsFollow: number;
}

export interface TaskTime {
  readonly task: string;
  /** Milliseconds from the beginning of the window. */
  readonly from: number;
  readonly took: number;
  readonly necessary: number;
  /** What it waited by the clock beyond the necessary, because configuration says so. */
  readonly policy: number;
  /** Its proof was shared with this later phase, and is not in `took`. */
  readonly provenWith?: string;
  /** From the beginning of the last look that did not see it until it was proven: it came true in between. */
  readonly noticedWithin?: number;
}

/** The read-only window of one run: all in milliseconds. */
export interface Window {
  readonly took: number;
  readonly necessary: number;
  readonly policy: number;
  readonly databases: number;
  readonly tasks: readonly TaskTime[];
}

const OPENS = '02-set-read-only';
const CLOSES = '07-set-read-write';
const SET_PRIMARY = '04-set-primary';
const DEPOOL = '04-depool-from';
const DRAIN = '02-drain-edits';

/** An edit that was acknowledged, in milliseconds since the epoch. */
interface Write {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** The window as the journal tells it. Throws where it was not opened and closed. Pure. */
export function windowOf(
  entries: readonly Recorded[],
  acknowledged: readonly Write[],
  order: 'strict' | 'merged',
  nature: Nature,
): Window {
  const { lifetime, dnsFollow } = nature;
  const started = find(entries, ({ entry }) => isStep(entry, OPENS, 'step-started', 'apply'));
  const ended = last(entries, ({ entry }) => isStep(entry, CLOSES, 'step-ended', 'verify'));
  const shown = last(entries, ({ entry }) => isStep(entry, OPENS, 'step-ended', 'verify'));
  const inFlight = Math.max(
    0,
    ...acknowledged
      .filter(({ sentAt, answeredAt }) => sentAt < shown && answeredAt > shown && answeredAt < ended)
      .map(({ answeredAt }) => answeredAt - shown),
  );
  const needs: Readonly<Record<string, number>> = {
    [OPENS]: lifetime,
    [DRAIN]: inFlight,
    ...(order === 'strict' ? { [SET_PRIMARY]: lifetime, [DEPOOL]: dnsFollow } : {}),
    [CLOSES]: lifetime,
  };
  // In strict order DNS follows while the copies of phase 4 end; in merged order nothing of the window waits for it.
  const moved = order === 'strict' ? Math.max(lifetime, dnsFollow) : 0;
  const tasks = tasksWithin(entries, started, ended).map((task): TaskTime => {
    const ownStart = task === OPENS ? started : startOf(entries, task);
    const provenWith = sharedPhase(entries, task);
    const ownEnd = last(entries, ({ entry }) =>
      isStep(entry, task, 'step-ended', provenWith === undefined ? 'verify' : 'apply'),
    );
    const noticedWithin = provenWith === undefined ? sinceLastLook(entries, task, ownEnd) : undefined;
    const necessary = needs[task] ?? 0;
    const byTheClock = Math.min(waitedUntil(entries, task) ?? ownStart, ownEnd) - ownStart;
    return {
      task,
      from: ownStart - started,
      took: ownEnd - ownStart,
      necessary,
      policy: Math.max(0, byTheClock - necessary),
      ...(provenWith === undefined ? {} : { provenWith }),
      ...(noticedWithin === undefined ? {} : { noticedWithin }),
    };
  });
  return {
    took: ended - started,
    necessary: lifetime + inFlight + moved + lifetime,
    policy: tasks.reduce((total, { policy }) => total + policy, 0),
    databases: phaseTook(entries, '3') + phaseTook(entries, '6'),
    tasks,
  };
}

const isStep = (
  entry: Entry,
  task: string,
  kind: 'step-started' | 'step-ended',
  step: 'check' | 'apply' | 'verify',
): boolean => entry.kind === kind && entry.task === task && entry.step === step;

function find(entries: readonly Recorded[], is: (one: Recorded) => boolean): number {
  const found = entries.find(is);
  if (found === undefined) throw new Error('the run has no read-only window');
  return found.at;
}

const last = (entries: readonly Recorded[], is: (one: Recorded) => boolean): number =>
  find([...entries].reverse(), is);

const startOf = (entries: readonly Recorded[], task: string): number =>
  find(entries, ({ entry }) => entry.kind === 'step-started' && entry.task === task);

/** In the order in which they began. */
function tasksWithin(entries: readonly Recorded[], from: number, to: number): string[] {
  const begun = entries.flatMap(({ at, entry }) =>
    entry.kind === 'step-started' && at >= from && at < to && /^0[2-7]-/.test(entry.task) ? [entry.task] : [],
  );
  return [...new Set(begun)];
}

/** The later phase in which a task's proof was looked for, where it was not its own. */
function sharedPhase(entries: readonly Recorded[], task: string): string | undefined {
  const own = String(Number(task.slice(0, 2)));
  const looked = last(entries, ({ entry }) => isStep(entry, task, 'step-started', 'verify'));
  const phases = entries.flatMap(({ at, entry }) =>
    entry.kind === 'phase-started' && at <= looked ? [entry.phase] : [],
  );
  const at = phases.at(-1);
  return at === own ? undefined : at;
}

/** The time that a task waited for whatever it saw, where it did (`Finding.until`). */
function waitedUntil(entries: readonly Recorded[], task: string): number | undefined {
  const times = entries.flatMap(({ entry }) =>
    entry.kind === 'step-ended' && entry.task === task && entry.outcome.kind === 'found'
      ? (entry.outcome.finding.until ?? [])
      : [],
  );
  return times.at(-1);
}

/** Undefined where the first look saw it. */
function sinceLastLook(entries: readonly Recorded[], task: string, provenAt: number): number | undefined {
  const looks = entries.filter(({ entry }) => isStep(entry, task, 'step-started', 'verify'));
  const before = looks.at(-2);
  return before === undefined ? undefined : provenAt - before.at;
}

function phaseTook(entries: readonly Recorded[], phase: string): number {
  const at = (kind: 'phase-started' | 'phase-ended'): number =>
    find(entries, ({ entry }) => entry.kind === kind && entry.phase === phase);
  return at('phase-ended') - at('phase-started');
}

import type { Instant } from '../../src/domain/instant.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { Entry } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { WorldFacts } from '../../src/simulation/world-facts.js';
import {
  type LawProgress,
  type LawSubject,
  nothingStarted,
  type StepProgress,
  violations,
} from '../../src/simulation/world-law.js';
import type { FullHouse } from './full-house.js';

/** The law's name of each step, with the tasks at whose apply it begins and at whose proof it is observed. */
const STEPS: Readonly<Record<keyof LawProgress, readonly [begins: string, observed: string]>> = {
  setReadOnly: ['02-set-read-only', '02-set-read-only'],
  fromReadOnly: ['03-set-db-read-only', '03-set-db-read-only'],
  switchRecords: ['04-pool-to', '04-depool-from'],
  toReadWrite: ['06-set-db-read-write', '06-set-db-read-write'],
  setReadWrite: ['07-set-read-write', '07-set-read-write'],
};

/**
 * Everything in the whole history of a world that may not have been so, judged by its journal alone: how far the run
 * was at that instant, and what the law allows then. Empty when all was lawful.
 */
export async function brokenWorldLaws(full: FullHouse): Promise<string[]> {
  const entries = await full.house.journal.after(0, Number.MAX_SAFE_INTEGER);
  const facts = full.world.factsHistory();
  const [first] = facts;
  if (first === undefined) throw new Error('a world has a history');
  return judge(first.primary, entries, facts);
}

interface Phase {
  readonly at: number;
  readonly subject: LawSubject;
}

/** Facts that were so at some instant from `since` to `at`; exactly at `at` where nothing else is said. */
export interface SeenFacts extends WorldFacts {
  readonly since?: Instant;
}

/** What some instant explains is lawful. Pure. */
export function judge(
  primary: DatacenterName,
  entries: readonly Recorded[],
  facts: readonly SeenFacts[],
): string[] {
  const phases: Phase[] = [{ at: -Infinity, subject: { mode: 'none', primary } }];
  const reader = new ProgressReader(primary);
  for (const { at, run, entry } of entries) phases.push({ at, subject: reader.read(run, entry) });
  return facts.flatMap((fact) => {
    const { at, since = at } = fact;
    // What was written in the same millisecond may have come before it or after it.
    const during = phases.slice(
      phases.findLastIndex((phase) => phase.at < since),
      phases.findLastIndex((phase) => phase.at <= at) + 1,
    );
    const broken = during.map(({ subject }) => violations(subject, fact));
    if (broken.some((list) => list.length === 0)) return [];
    const when = `${new Date(fact.at).toISOString()} after ${fact.because}`;
    return (broken.at(-1) ?? []).map((what) => `${when}: ${what}`);
  });
}

/** Reads from a journal which law was in force after each entry. */
class ProgressReader {
  #subject: LawSubject;
  #asked: { run: number; mode: string; from: DatacenterName; to: DatacenterName } | undefined;

  constructor(private primary: DatacenterName) {
    this.#subject = { mode: 'none', primary };
  }

  read(run: number, entry: Entry): LawSubject {
    if (entry.kind === 'run-requested') {
      // Runs follow one another in these tests.
      const { from, to } = entry.params as { from: DatacenterName; to: DatacenterName };
      this.#asked = { run, mode: entry.mode, from, to };
    }
    if (this.#asked?.run === run) this.#follow(this.#asked, entry);
    return this.#stricter();
  }

  #follow(asked: { mode: string; from: DatacenterName; to: DatacenterName }, entry: Entry): void {
    const { mode, from, to } = asked;
    if (entry.kind === 'run-started' && (mode === 'live' || mode === 'live-test'))
      this.#subject = { mode, from, to, progress: nothingStarted };
    if (entry.kind === 'run-ended') {
      if (mode === 'live' && this.#progress?.setReadWrite === 'observed') this.primary = to;
      this.#subject = { mode: 'none', primary: this.primary };
    }
    const progress = this.#progress;
    if (progress === undefined || !('task' in entry)) return;
    for (const [step, tasks] of Object.entries(STEPS) as [keyof LawProgress, readonly [string, string]][]) {
      const now = stepAfter(progress[step], tasks, entry);
      if (now !== undefined) this.#set({ ...progress, [step]: now });
    }
  }

  get #progress(): LawProgress | undefined {
    return 'progress' in this.#subject ? this.#subject.progress : undefined;
  }

  #set(progress: LawProgress): void {
    if ('progress' in this.#subject) this.#subject = { ...this.#subject, progress };
  }

  /** A run that has not begun to change anything, or has finished to, is judged like no run at all. */
  #stricter(): LawSubject {
    const subject = this.#subject;
    if (subject.mode !== 'live') return subject;
    const { progress, from, to } = subject;
    const all = Object.values(progress) as StepProgress[];
    if (all.every((step) => step === 'not-started')) return { mode: 'none', primary: from };
    if (all.every((step) => step === 'observed')) return { mode: 'none', primary: to };
    return subject;
  }
}

function stepAfter(
  was: StepProgress,
  [begins, observed]: readonly [string, string],
  entry: Entry & { task: string },
): StepProgress | undefined {
  if (entry.kind === 'step-started' && entry.step === 'apply') {
    if (entry.task === begins || entry.task === observed) return 'started';
    return undefined;
  }
  if (entry.kind === 'task-confirmed' && entry.direction === 'back' && entry.task === begins)
    return 'not-started';
  const holds =
    entry.kind === 'step-ended' && entry.outcome.kind === 'found' && entry.outcome.finding.kind === 'holds';
  if (!holds) return undefined;
  if (entry.direction === 'back') return entry.task === begins ? 'not-started' : undefined;
  return entry.task === observed && was === 'started' ? 'observed' : undefined;
}

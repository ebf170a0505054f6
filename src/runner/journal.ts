/**
 * The journal: an append-only list of entries per run. Everything people see follows it with a cursor of its own.
 *
 * Invariants: an entry is on disk before `append` resolves; positions grow without gaps being reused; entries are never
 * changed. `append` refuses (RunMoved) when the run has entries that the writer has not seen.
 * What it does not do: know what entries mean (evolve.ts does).
 */
import type { Instant } from '../domain/instant.js';
import type { Entry } from './entry.js';

export type RunId = number;

export interface Recorded {
  /** Global, over all runs; a follower's cursor is one of these. */
  readonly position: number;
  readonly run: RunId;
  /** Within the run, from 1. */
  readonly seq: number;
  readonly at: Instant;
  readonly entry: Entry;
}

export interface JournalReader {
  /** All entries of a run, in order; empty for a run that does not exist. */
  read(run: RunId): Promise<Recorded[]>;
  /** Entries after the cursor (0: all), in order, then new ones as they are appended, until the signal. */
  follow(cursor: number, signal: AbortSignal): AsyncIterable<Recorded>;
  /** Entries after the cursor that exist now, at most `most`. */
  after(cursor: number, most: number): Promise<Recorded[]>;
  /** Runs without a `run-ended`, in order. */
  unfinished(): Promise<RunId[]>;
  /** Entries that somebody said with this message, in order; more than one where the runner wrote a word down again. */
  saidWith(message: string): Promise<Recorded[]>;
  /** The newest runs, newest first. */
  runs(most: number): Promise<RunId[]>;
  /** The instant of the newest entry, or undefined for an empty journal. */
  latest(): Promise<Instant | undefined>;
}

export interface Journal extends JournalReader {
  /** Adds the first entry of a new run, and gives the run its number. */
  begin(entry: Entry & { kind: 'run-requested' }, at: Instant): Promise<Recorded>;
  /** Durable when it resolves. `seq` is the number this entry must get. */
  append(run: RunId, seq: number, entry: Entry, at: Instant): Promise<Recorded>;
}

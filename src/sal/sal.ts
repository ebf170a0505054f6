/**
 * The Server Admin Log: who did what to the servers, when, and why; for people to read while something is wrong.
 *
 * Invariants: an entry is on disk before `log` resolves; one source makes one entry, however often it is logged;
 * entries are never changed or removed; times are those of what happened, not of its logging.
 * What it does not do: decide who may log (access/), say what a run logs (journal-lines.ts), or carry entries to wiki
 * pages, tasks or channels (those follow it).
 */
import type { Instant } from '../domain/instant.js';
import type { NewSalEntry, SalEntry } from './entry.js';

/** Every condition that is given must hold. */
export interface SalQuery {
  /**
   * Words in the message or the author's name, in any order, whatever their case and accents. A word that ends with
   * `*` is the beginning of one; several words in one element stand next to each other.
   */
  readonly words?: readonly string[];
  /** From this instant on. */
  readonly since?: Instant;
  /** Before this instant. */
  readonly until?: Instant;
  readonly author?: string;
  /** Only what this run logged. */
  readonly run?: number;
  /** How many entries at most. */
  readonly limit: number;
}

/** Reads. Every method throws SalUnavailable when the log cannot be read. */
export interface SalReader {
  /** The entries logged last come first. */
  find(query: SalQuery): Promise<SalEntry[]>;
  /** The entry with this number, or undefined. */
  entry(id: number): Promise<SalEntry | undefined>;
}

export interface Sal extends SalReader {
  /** Writes; durable when it resolves. A source that was logged before gives the entry it made then. Throws SalUnavailable. */
  log(entry: NewSalEntry): Promise<SalEntry>;
}

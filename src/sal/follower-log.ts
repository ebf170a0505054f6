import type { NewSalEntry, SalEntry } from './entry.js';

/**
 * Where the journal's follower writes: its entries and how far it has come, together or not at all. So a crash in
 * between loses no line and logs none twice.
 */
export interface FollowerLog {
  /** Reads: the position in the journal up to which everything has been logged; 0 at first. Throws SalUnavailable. */
  position(): Promise<number>;
  /** Writes, durable when it resolves: these entries, and that the journal has been followed up to `to`. Throws SalUnavailable. */
  advance(to: number, entries: readonly NewSalEntry[]): Promise<readonly SalEntry[]>;
}

/**
 * What wakes the schedules, each in the minutes that its pattern names. One for the machine's clock and one for any
 * other; both begin with the minute in which they are opened, so that a restart inside a minute does not skip it.
 *
 * Invariants: a schedule is never run twice at once; a wrong pattern is refused when it opens; after `close` nothing
 * runs any more. What it does not do: remember what was done, or make up for minutes that passed while no process ran.
 */
export interface Clockwork {
  /** Stops everything and resolves when it has stopped. */
  close(): Promise<void>;
}

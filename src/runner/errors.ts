import { SwitchdcError } from '../domain/errors.js';

/** The run has entries that the writer has not seen: somebody else writes to it. Nothing was appended. */
export class RunMoved extends SwitchdcError {
  readonly retry = 'after-check';
}

/** The journal's file cannot take an entry (disk full, locked): the step it belongs to must not begin. */
export class JournalUnwritable extends SwitchdcError {
  readonly retry = 'safe';
}

/** A write outside what the run's mode and phase may touch. */
export class NotPermitted extends SwitchdcError {
  readonly retry = 'never';
}

/** The lock's lease is lost, or too short for the call that was to be made. Nothing was written. */
export class LeaseTooShort extends SwitchdcError {
  readonly retry = 'safe';
}

import { SwitchdcError } from '../domain/errors.js';

/** The ledger could not be read or written: a full disk, a locked or damaged file. Nothing was written. */
export class LedgerUnavailable extends SwitchdcError {
  readonly retry = 'safe';
}

/** A delivery was said to have gone in a way that contradicts what the ledger holds: a bug of the caller. Nothing was written. */
export class LedgerContradiction extends SwitchdcError {
  readonly retry = 'never';
}

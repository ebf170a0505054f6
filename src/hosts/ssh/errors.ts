import { SwitchdcError } from '../../domain/errors.js';

/** A key that cannot be read, or jump hosts that lead back to themselves: found when the adapter is opened. */
export class BadSshOptions extends SwitchdcError {
  readonly retry = 'never';
}

/** A command that cannot be told to a shell exactly as it is; nothing was sent. */
export class UnsendableCommand extends SwitchdcError {
  readonly retry = 'never';
}

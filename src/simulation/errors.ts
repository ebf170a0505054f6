import { SwitchdcError } from '../domain/errors.js';

/** The simulated world cannot begin, or its file does not belong to this state store or installation. */
export class WorldMismatch extends SwitchdcError {
  readonly retry = 'never';
}

import { SwitchdcError } from '../domain/errors.js';

/** The data directory cannot be used: not there, not writable, its disk full. */
export class DataDirectoryUnusable extends SwitchdcError {
  readonly retry = 'safe';

  constructor(
    readonly directory: string,
    cause: unknown,
  ) {
    super(`the data directory ${directory} cannot be used`, { cause });
  }
}

/** The socket of the data directory cannot be opened or reached. */
export class SocketUnusable extends SwitchdcError {
  readonly retry = 'safe';
}

/** The service went away in the middle: it may or may not have done what was asked. */
export class ServiceGone extends SwitchdcError {
  readonly retry = 'after-check';
}

/** The service said something that this program does not understand, or the other way round. */
export class ServiceMisunderstood extends SwitchdcError {
  readonly retry = 'never';
}

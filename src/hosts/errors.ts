import { SwitchdcError } from '../domain/errors.js';

/** A host expression that cannot be read, or that names no host; the message says where and what was expected. */
export class BadHostQuery extends SwitchdcError {
  readonly retry = 'never';
}

/** A command that writes was given to a reader: a mistake in the program, caught before anything is sent. */
export class CommandWrites extends SwitchdcError {
  readonly retry = 'never';
}

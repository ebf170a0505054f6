import { SwitchdcError } from '../domain/errors.js';

/** It is certain that the platform does not have the message. */
export class NotSent extends SwitchdcError {
  readonly retry = 'safe';
}

/** The platform may or may not have the message. */
export class SentUnknown extends SwitchdcError {
  readonly retry = 'after-check';
}

/** The commands of the program contradict each other; it does not start. */
export class CommandsRefused extends SwitchdcError {
  readonly retry = 'never';

  constructor(readonly mistakes: readonly string[]) {
    super(`the commands are wrong: ${mistakes.join('; ')}`);
  }
}

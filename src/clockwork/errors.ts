import { SwitchdcError } from '../domain/errors.js';

/** A schedule that can never be right; the program does not start. The message says every mistake. */
export class BadSchedule extends SwitchdcError {
  readonly retry = 'never';

  constructor(readonly mistakes: readonly string[]) {
    super(`the schedules are wrong: ${mistakes.join('; ')}`);
  }
}

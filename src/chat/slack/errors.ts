import { SwitchdcError } from '../../domain/errors.js';
import type { Instant } from '../../domain/instant.js';
import { NotSent } from '../errors.js';

/** Slack answered, and said no: nothing was sent. */
export class SlackRefused extends NotSent {
  constructor(
    readonly method: string,
    /** Slack's own word: `channel_not_found`. */
    readonly code: string,
    hint: string,
  ) {
    super(`Slack refuses ${method}: ${code}${hint}`);
  }
}

/** Slack takes no more of these for a while; nothing was sent. */
export class RateLimited extends NotSent {
  constructor(
    method: string,
    readonly until: Instant,
  ) {
    super(`Slack takes no more ${method} for now`);
  }
}

/** No socket could be opened, or the tokens are not what they should be. */
export class NotConnected extends SwitchdcError {
  readonly retry = 'safe';
}

import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, MINUTE, SECOND } from '../../domain/instant.js';
import type { PersonName } from '../../domain/names.js';
import type { Sqlite } from '../../storage/open-database.js';
import type { PaceRule } from './pace.js';

/** A token, read out only where it is used. */
export interface SlackToken {
  reveal(): string;
}

export interface SlackChannelName {
  /** What it is called in destinations: `#operations`. */
  readonly name: string;
  /** Slack's id, which stays when the channel is renamed: `C0123456789`. */
  readonly id: string;
}

export interface SlackOptions {
  /** `xoxb-…`: speaks and reads. */
  readonly botToken: SlackToken;
  /** `xapp-…`: opens sockets. */
  readonly appToken: SlackToken;
  /** Where the Web API is, with `/api/` at its end; Slack's own by default. */
  readonly apiUrl?: string;
  /** The HTTP proxy through which Slack is reached, where there is one. */
  readonly proxy?: string;
  /** Channels that have a name in the configuration; every other one goes by its id. */
  readonly channels: readonly SlackChannelName[];
  /** How a line for us begins: `!switchdc`. */
  readonly prefix: string;
  /** The command of the app's manifest: `/switchdc`. */
  readonly slashCommand: string;
  /** This program's own file, opened with `slackMigrations`. */
  readonly database: Sqlite;
  readonly clock: Clock;
  /** Where an instant of the runs lies on this clock, or before it, where theirs is another one. */
  readonly onThisClock?: (at: Instant) => Instant;
  /** The Slack user of a person in this workspace, so that a mention reaches them. */
  readonly slackUserOf: (person: PersonName) => string | undefined;
  /** Told what people should know: a token that is refused, a connection that cannot be made. */
  readonly trouble: (text: string) => void;
  readonly times?: Partial<SlackTimes>;
  /** How fast messages are posted in one channel; Slack's own limit by default. */
  readonly postingPace?: PaceRule;
  /** How fast messages are edited in the whole workspace. */
  readonly editingPace?: PaceRule;
}

/** All in milliseconds. */
export interface SlackTimes {
  /** How long one call of the Web API may take. */
  readonly callWithin: Millis;
  /** How long a message may wait for Slack's rate limits before it counts as not sent. */
  readonly patience: Millis;
  /** Between two edits of one message that shows progress. */
  readonly editEvery: Millis;
  /** From opening a socket to its hello. */
  readonly connectWithin: Millis;
  /** Before the first try to connect again; it doubles with each failure … */
  readonly reconnectFirst: Millis;
  /** … up to this. */
  readonly reconnectAtMost: Millis;
  /** How long a socket may leave a ping without an answer. */
  readonly pongWithin: Millis;
  /** How long it is believed what Slack said about a user. */
  readonly userKnownFor: Millis;
  /** What was said longer ago, and could not be taken up, is not acted upon any more. */
  readonly staleAfter: Millis;
}

export const slackTimes: SlackTimes = {
  callWithin: 10 * SECOND,
  patience: MINUTE,
  editEvery: 3 * SECOND,
  connectWithin: 15 * SECOND,
  reconnectFirst: SECOND,
  reconnectAtMost: 15 * SECOND,
  // The library's five seconds end connections that are only slow (bolt-js issue 2496).
  pongWithin: 20 * SECOND,
  userKnownFor: 5 * MINUTE,
  staleAfter: 15 * MINUTE,
};

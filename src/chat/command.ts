import type { Instant } from '../domain/instant.js';
import type { Json } from '../domain/json.js';
import type { Capability } from '../access/capability.js';
import type { Identity, Person } from '../access/person.js';
import type { Said } from '../runner/entry.js';
import type { Grammar } from './grammar.js';
import type { Message } from './message.js';

/** Who calls, from where, as far as it is known. */
export interface Call {
  /** Undefined for somebody unknown: a viewer. */
  readonly person: Person | undefined;
  /** What goes into the journal; only there when the person is known. */
  readonly said: Said | undefined;
  /** Vouched for by the chat or the machine; undefined for somebody unknown to it. For answers, never for access. */
  readonly identity: Identity | undefined;
  /** Channel or `cli`. */
  readonly chat: string;
  /** Names what was said for ever, over all chats: the same delivery twice has the same id. */
  readonly messageId: string;
  readonly now: Instant;
}

/** How the caller fares: becomes the exit code of the command line. */
export type ReplyStatus = 'ok' | 'refused' | 'not-found' | 'mistake' | 'unavailable' | 'failed';

export interface Reply {
  readonly status: ReplyStatus;
  readonly message: Message;
  /** What `--json` prints. */
  readonly data: Json;
}

export interface Command<Args> {
  /** `['start']`; the first is the name, the others are equal to it. */
  readonly words: readonly string[];
  /** Other words that people try for it: it is suggested then, and not run. */
  readonly tried?: readonly string[];
  readonly summary: string;
  /** A whole line that works, `start codfw eqiad --task T12345`. */
  readonly example: string;
  /** `anyone` only for commands that read. */
  readonly requires: Capability | 'anyone';
  /** Whether it writes: then it needs the process that holds the data directory. */
  readonly writes: boolean;
  readonly grammar: Grammar<Args>;
  /**
   * For a command that writes: the refusal with which it would answer, as far as reading can tell. Asked before anything
   * is opened for writing, so that what is refused leaves nothing behind; `run` judges again. Reads only.
   */
  objection?(args: Args, call: Call): Promise<Reply | undefined>;
  run(args: Args, call: Call): Promise<Reply>;
}

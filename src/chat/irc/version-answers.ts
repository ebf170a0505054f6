import type { RawMessage } from 'irc-framework';
import type { Clock } from '../../domain/clock.js';
import { oneLine } from '../../domain/text.js';
import type { IrcConnection } from './connection.js';
import { folded, isNick } from '../irc-names.js';
import type { IrcFlood } from './options.js';
import { openTokenBucket, type TokenBucket } from './token-bucket.js';

/** A crowd that asks must not make the bot speak too fast. */
const PACE: IrcFlood = { burst: 2, perSecond: 0.2 };

/** Answers CTCP VERSION. */
export class VersionAnswers {
  readonly #bucket: TokenBucket;

  constructor(
    private readonly version: string,
    private readonly clock: Clock,
  ) {
    this.#bucket = openTokenBucket(PACE, clock.now());
  }

  hear({ command, params, nick }: RawMessage, connection: IrcConnection): void {
    if (command !== 'PRIVMSG' || params[1]?.trim() !== '\u0001VERSION\u0001' || !isNick(nick)) return;
    if (folded(nick) === folded(connection.nick()) || !this.#bucket.take(this.clock.now())) return;
    connection.write(`NOTICE ${nick} :\u0001VERSION ${oneLine(this.version)}\u0001`);
  }
}

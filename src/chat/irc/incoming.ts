import type { RawMessage } from 'irc-framework';
import type { Identity } from '../../access/person.js';
import { type Instant, instant, MINUTE } from '../../domain/instant.js';
import { withoutControls } from '../../domain/text.js';
import { addressed } from '../addressed.js';
import type { IncomingMessage } from '../platform.js';
import { isAccount } from './account-nicks.js';
import type { IrcConnection } from './connection.js';
import { folded, isNick } from '../irc-names.js';
import { withoutFormats } from './rich-text.js';

export interface IncomingParts {
  /** The configured spelling of a channel that we are in. */
  channelNamed(name: string): string | undefined;
  readonly trustNicks: readonly string[];
  readonly prefix: string;
  readonly now: Instant;
  /** Where the server gives no ids. */
  nextId(): string;
}

/** What somebody said to us or in one of our channels; undefined for everything else a PRIVMSG can be. Pure but for ids. */
export function incomingOf(
  message: RawMessage,
  connection: IrcConnection,
  parts: IncomingParts,
): IncomingMessage | undefined {
  const { command, params, nick, tags } = message;
  const [target = '', said = ''] = params;
  // A server speaks without a nick; our own words come back as an echo.
  if (command !== 'PRIVMSG' || params.length < 2 || !isNick(nick)) return undefined;
  if (folded(nick) === folded(connection.nick()) || said.startsWith('\u0001')) return undefined;
  const isDirect = folded(target) === folded(connection.nick());
  // `@#channel`: what is said to those with a status only is answered where it belongs.
  const channel = isDirect ? nick : parts.channelNamed(target.replace(/^[~&@%+]+(?=#)/, ''));
  if (channel === undefined) return undefined;
  const text = withoutControls(withoutFormats(said));
  return {
    id: tags['msgid'] ?? parts.nextId(),
    from: { platform: 'irc', channel },
    sender: identityOf(message, connection, parts.trustNicks),
    calledThere: nick,
    text: isDirect && addressed(text, parts.prefix) === undefined ? `${parts.prefix} ${text}` : text,
    at: timeOf(tags['time'], parts.now),
  };
}

/**
 * The account that the server vouches for with this very message; nobody else is known. A tag counts only while the
 * server has promised to send it, or whoever speaks could bring one along.
 */
function identityOf(
  { tags, nick }: RawMessage,
  connection: IrcConnection,
  trustNicks: readonly string[],
): Identity | undefined {
  if (connection.has('account-tag')) {
    const account = tags['account'] ?? '';
    return isAccount(account) ? { kind: 'irc', account } : undefined;
  }
  const trusted = trustNicks.find((one) => folded(one) === folded(nick));
  return trusted === undefined ? undefined : { kind: 'irc', account: trusted };
}

/** The server's time, where it is not far from ours. */
function timeOf(tag: string | undefined, now: Instant): Instant {
  const at = tag === undefined ? NaN : Date.parse(tag);
  return Math.abs(at - now) < MINUTE ? instant(at) : now;
}

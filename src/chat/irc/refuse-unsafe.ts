import { oneLine } from '../../domain/text.js';
import { isChannel, isChannelKey, isNick } from '../irc-names.js';
import type { IrcOptions } from './options.js';

/** What cannot be safe is refused before anything is sent: throws RangeError, which tells no secret. */
export function refuseUnsafe(options: IrcOptions): void {
  const { host, tls, login, serverPassword, channels, channelKeys = [], nick } = options;
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const hasSecret = login?.mechanism === 'PLAIN' || serverPassword !== undefined || channelKeys.length > 0;
  if (hasSecret && tls === undefined && !isHere)
    throw new RangeError(`a password for ${host} needs TLS: it could be read on the way`);
  if (login?.mechanism === 'EXTERNAL' && tls?.client === undefined)
    throw new RangeError('a login by certificate needs TLS with a client certificate');
  const wrong = channels.filter((name) => !isChannel(name));
  if (wrong.length > 0)
    throw new RangeError(`not a channel: ${wrong.map((name) => oneLine(name)).join(', ')}`);
  for (const { channel, key } of channelKeys)
    if (!isChannelKey(key.reveal())) throw new RangeError(`the key of ${oneLine(channel)} cannot be a key`);
  if (!isNick(nick)) throw new RangeError(`not a nick: ${oneLine(nick)}`);
}

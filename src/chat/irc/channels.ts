import type { RawMessage } from 'irc-framework';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Instant } from '../../domain/instant.js';
import { oneLine, shorten } from '../../domain/text.js';
import { backoff } from '../backoff.js';
import type { IrcConnection } from './connection.js';
import { folded } from '../irc-names.js';
import type { IrcOptions, IrcTimes, Secret } from './options.js';
import { openTokenBucket, type TokenBucket } from './token-bucket.js';

/** What a server answers to a JOIN that it does not follow. */
const NOT_JOINED = ['403', '405', '437', '471', '473', '474', '475', '476', '477', '485', '489', '520'];

/** What it answers where the key is missing or another one. */
const WRONG_KEY = '475';

/** Invitations that are followed: whoever sends them by the hundred must not make the bot speak too fast. */
const INVITATIONS = { burst: 3, perSecond: 0.2 };

export interface ChannelsParts extends Pick<IrcOptions, 'channelKeys'> {
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly times: IrcTimes;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Something may be said in it from now on. */
  joined(name: string, connection: IrcConnection): void;
  trouble(text: string): void;
}

interface Presence {
  readonly name: string;
  readonly key: Secret | undefined;
  since: Instant | undefined;
  failures: number;
  /** The last trouble that was told, so that each is told once. */
  told: string | undefined;
  again: AbortController;
}

/** Stays in the channels: asks again for one that cannot be joined, and comes back after a kick, ever more slowly. */
export class Channels {
  readonly #all: ReadonlyMap<string, Presence>;
  readonly #invitations: TokenBucket;

  constructor(private readonly parts: ChannelsParts) {
    const { names, channelKeys = [], clock } = parts;
    const keys = new Map(channelKeys.map(({ channel, key }) => [folded(channel), key]));
    this.#all = new Map(names.map((name) => [folded(name), absent(name, keys.get(folded(name)))]));
    this.#invitations = openTokenBucket(INVITATIONS, clock.now());
  }

  /** As it is written in the configuration; undefined for a channel that is not there. */
  named(name: string): string | undefined {
    return this.#all.get(folded(name))?.name;
  }

  isIn(name: string): boolean {
    return this.#all.get(folded(name))?.since !== undefined;
  }

  connected(connection: IrcConnection): void {
    for (const presence of this.#all.values()) {
      presence.failures = 0;
      this.#ask(presence, connection);
    }
  }

  disconnected(): void {
    for (const presence of this.#all.values()) {
      presence.since = undefined;
      presence.again.abort();
    }
  }

  hear(message: RawMessage, connection: IrcConnection): void {
    const { command, params, nick } = message;
    const isOurs = folded(nick) === folded(connection.nick());
    if (command === 'JOIN' && isOurs) this.#join(params[0] ?? '', connection);
    else if (command === 'PART' && isOurs) this.#out(params[0], connection, 'the bot was made to leave');
    else if (command === 'KICK' && folded(params[1] ?? '') === folded(connection.nick()))
      this.#out(params[0], connection, `kicked by ${told(nick)}`, params[2]);
    else if (command === 'INVITE' && folded(params[0] ?? '') === folded(connection.nick()))
      this.#invited(params[1], connection);
    else if (NOT_JOINED.includes(command)) this.#notJoined(command, params);
  }

  /** The door is open now: the next try would be up to a minute away. */
  #invited(name: string | undefined, connection: IrcConnection): void {
    const presence = this.#all.get(folded(name ?? ''));
    if (presence === undefined || presence.since !== undefined) return;
    if (this.#invitations.take(this.parts.clock.now())) this.#ask(presence, connection);
  }

  #notJoined(command: string, params: readonly string[]): void {
    const presence = this.#all.get(folded(params[1] ?? ''));
    if (presence === undefined || presence.since !== undefined) return;
    const hint = command === WRONG_KEY ? keyHint(presence) : '';
    this.#tell(presence, `cannot be joined${hint}`, params.at(-1));
  }

  #join(name: string, connection: IrcConnection): void {
    const presence = this.#all.get(folded(name));
    if (presence === undefined) {
      // Somebody with power over the server put us there; what is said there is not for us.
      connection.write(`PART ${name}`);
      return;
    }
    presence.again.abort();
    presence.since = this.parts.clock.now();
    if (presence.told !== undefined) this.parts.trouble(`IRC: back in ${presence.name}`);
    presence.told = undefined;
    this.parts.joined(presence.name, connection);
  }

  #out(name: string | undefined, connection: IrcConnection, because: string, words?: string): void {
    const presence = this.#all.get(folded(name ?? ''));
    if (presence?.since === undefined) return;
    const stayed = this.parts.clock.now() - presence.since;
    if (stayed > this.parts.times.longestWait) presence.failures = 0;
    presence.since = undefined;
    this.#tell(presence, because, words);
    this.#later(presence, connection);
  }

  #ask(presence: Presence, connection: IrcConnection): void {
    const { name, key } = presence;
    connection.write(key === undefined ? `JOIN ${name}` : `JOIN ${name} ${key.reveal()}`);
    this.#later(presence, connection);
  }

  #later(presence: Presence, connection: IrcConnection): void {
    const { clock, times, random } = this.parts;
    presence.again.abort();
    presence.again = new AbortController();
    presence.failures += 1;
    const wait = backoff(presence.failures, times.firstWait, times.longestWait, random());
    void sleep(clock, wait, presence.again.signal).then(
      () => this.#ask(presence, connection),
      () => undefined,
    );
  }

  /** With the words of the server, or of whoever did it. */
  #tell(presence: Presence, what: string, words?: string): void {
    const because = words === undefined ? what : `${what}: ${told(words, presence.key)}`;
    if (presence.told === because) return;
    presence.told = because;
    this.parts.trouble(`IRC: ${presence.name}: ${because}; trying again`);
  }
}

const absent = (name: string, key: Secret | undefined): Presence => ({
  name,
  key,
  since: undefined,
  failures: 0,
  told: undefined,
  again: new AbortController(),
});

const keyHint = ({ key }: Presence): string =>
  key === undefined ? ' (it has a key: name it in channelKeys)' : ' (its key is not the one in channelKeys)';

/** Whoever kicks the bot, and the server, may say what they like; the key is not told on. */
function told(text: string | undefined, key?: Secret): string {
  const line = oneLine(text ?? '');
  return shorten(key === undefined ? line : line.replaceAll(key.reveal(), '[secret]'), 100);
}

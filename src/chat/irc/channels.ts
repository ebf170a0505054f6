import type { RawMessage } from 'irc-framework';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Instant } from '../../domain/instant.js';
import { oneLine, shorten } from '../../domain/text.js';
import { backoff } from '../backoff.js';
import type { IrcConnection } from './connection.js';
import { folded } from './names.js';
import type { IrcTimes } from './options.js';

/** What a server answers to a JOIN that it does not follow. */
const NOT_JOINED = ['403', '405', '437', '471', '473', '474', '475', '476', '477', '485', '489', '520'];

export interface ChannelsParts {
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
  since: Instant | undefined;
  failures: number;
  /** The last trouble that was told, so that each is told once. */
  told: string | undefined;
  again: AbortController;
}

/** Stays in the channels: asks again for one that cannot be joined, and comes back after a kick, ever more slowly. */
export class Channels {
  readonly #all: ReadonlyMap<string, Presence>;

  constructor(private readonly parts: ChannelsParts) {
    this.#all = new Map(
      parts.names.map((name) => [
        folded(name),
        { name, since: undefined, failures: 0, told: undefined, again: new AbortController() },
      ]),
    );
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
      this.#out(params[0], connection, `kicked by ${told(nick)} (${told(params[2])})`);
    else if (NOT_JOINED.includes(command)) {
      const presence = this.#all.get(folded(params[1] ?? ''));
      if (presence?.since === undefined && presence !== undefined)
        this.#tell(presence, `cannot be joined: ${told(params.at(-1))}`);
    }
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

  #out(name: string | undefined, connection: IrcConnection, because: string): void {
    const presence = this.#all.get(folded(name ?? ''));
    if (presence?.since === undefined) return;
    const stayed = this.parts.clock.now() - presence.since;
    if (stayed > this.parts.times.longestWait) presence.failures = 0;
    presence.since = undefined;
    this.#tell(presence, because);
    this.#later(presence, connection);
  }

  #ask(presence: Presence, connection: IrcConnection): void {
    connection.write(`JOIN ${presence.name}`);
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

  #tell(presence: Presence, what: string): void {
    if (presence.told === what) return;
    presence.told = what;
    this.parts.trouble(`IRC: ${presence.name}: ${what}; trying again`);
  }
}

const told = (text: string | undefined): string => shorten(oneLine(text ?? ''), 100);

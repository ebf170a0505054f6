import type { RawMessage } from 'irc-framework';
import { type Clock, sleep } from '../../domain/clock.js';
import { backoff } from '../backoff.js';
import type { IrcConnection } from './connection.js';
import { folded } from '../irc-names.js';
import type { IrcOptions, IrcTimes } from './options.js';

export interface NickKeeperParts extends Pick<IrcOptions, 'nick' | 'login' | 'regain'> {
  readonly clock: Clock;
  readonly times: IrcTimes;
  /** From 0 up to 1. */
  readonly random: () => number;
  trouble(text: string): void;
}

/** Takes the bot's own nick back from whoever has it: asks the services, and takes it as soon as it is free. */
export class NickKeeper {
  #stop = new AbortController();

  constructor(private readonly parts: NickKeeperParts) {}

  connected(connection: IrcConnection): void {
    if (!this.#hasIt(connection)) this.#regain(connection);
  }

  disconnected(): void {
    this.#stop.abort();
  }

  hear({ command, nick, params }: RawMessage, connection: IrcConnection): void {
    const wanted = folded(this.parts.nick);
    if (command === 'NICK' && folded(params[0] ?? '') === folded(connection.nick())) {
      // Ours has changed, by ourselves or by somebody with power over the server.
      this.#stop.abort();
      if (!this.#hasIt(connection)) this.#regain(connection);
    } else if (
      (command === 'QUIT' || command === 'NICK') &&
      folded(nick) === wanted &&
      !this.#hasIt(connection)
    )
      connection.write(`NICK ${this.parts.nick}`);
  }

  #hasIt(connection: IrcConnection): boolean {
    return folded(connection.nick()) === folded(this.parts.nick);
  }

  #regain(connection: IrcConnection): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.parts.trouble(
      `IRC: somebody else has the nick ${this.parts.nick}; the bot is ${connection.nick()} until then`,
    );
    void this.#keepAsking(connection, this.#stop.signal).catch(() => undefined);
  }

  async #keepAsking(connection: IrcConnection, signal: AbortSignal): Promise<void> {
    const { clock, times, nick, login, random } = this.parts;
    const { service, command } = this.parts.regain ?? { service: 'NickServ', command: 'RECOVER' };
    for (let failures = 1; ; failures += 1) {
      if (login !== undefined) connection.write(`PRIVMSG ${service} :${command} ${nick}`);
      await sleep(clock, backoff(failures, times.firstWait, times.longestWait, random()), signal);
      connection.write(`NICK ${nick}`);
    }
  }
}

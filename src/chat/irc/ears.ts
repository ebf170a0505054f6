import { randomUUID } from 'node:crypto';
import type { RawMessage } from 'irc-framework';
import type { DeliveryKey, IncomingMessage } from '../platform.js';
import type { IrcConnection } from './connection.js';
import { IncomingQueue } from './incoming-queue.js';
import { incomingOf, type IncomingParts } from './incoming.js';
import type { Clock } from '../../domain/clock.js';

/** Messages that nobody has read yet. */
const MOST_UNREAD = 1_000;

/** People whose question may still get a long answer. */
const MOST_ASKERS = 500;

export interface EarsParts extends Pick<IncomingParts, 'channelNamed' | 'prefix'> {
  readonly clock: Clock;
}

/** What people say, until it is read; and who asked, until they are answered. */
export class Ears {
  readonly #unread = new IncomingQueue<IncomingMessage>(MOST_UNREAD);
  readonly #askers = new Map<DeliveryKey, string>();
  readonly #session = randomUUID();
  #trustNicks: readonly string[] = [];
  #ids = 0;

  constructor(private readonly parts: EarsParts) {}

  /** @param trustNicks Nicks that stand for accounts until the next connection: none where the server had accounts. */
  connected(trustNicks: readonly string[]): void {
    this.#trustNicks = trustNicks;
  }

  hear(message: RawMessage, connection: IrcConnection): void {
    const incoming = incomingOf(message, connection, {
      ...this.parts,
      trustNicks: this.#trustNicks,
      now: this.parts.clock.now(),
      nextId: () => `${this.#session}-${(this.#ids += 1)}`,
    });
    if (incoming === undefined) return;
    this.#rememberAsker(`reply/irc/${incoming.id}`, incoming.calledThere);
    this.#unread.push(incoming);
  }

  read(signal: AbortSignal): AsyncIterable<IncomingMessage> {
    return this.#unread.read(signal);
  }

  /** The nick of whoever asked what is answered with this. */
  askedBy(answer: DeliveryKey): string | undefined {
    return this.#askers.get(answer);
  }

  #rememberAsker(answer: DeliveryKey, nick: string): void {
    this.#askers.set(answer, nick);
    const [oldest] = this.#askers.keys();
    if (this.#askers.size > MOST_ASKERS && oldest !== undefined) this.#askers.delete(oldest);
  }
}

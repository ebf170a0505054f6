/**
 * IRC as a chat: one connection that is made again for ever, an outbox behind it, and lines that cannot be anything but
 * lines.
 *
 * Invariants: nobody has an identity but by the account that the server vouches for; the bot is never in a channel
 * without its own login where it has one; nothing that is said, by us or to us, ends the process.
 */
import { randomUUID } from 'node:crypto';
import type { RawMessage } from 'irc-framework';
import { type Clock, sleep } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { type Instant, type Millis, SECOND } from '../../domain/instant.js';
import { oneLine, shorten } from '../../domain/text.js';
import { NotSent, SentUnknown } from '../errors.js';
import type { Message } from '../message.js';
import type { ChatPlatform, DeliveryKey, Destination, IncomingMessage, MessageRef } from '../platform.js';
import { AccountNicks } from './account-nicks.js';
import { Channels } from './channels.js';
import { type IrcConnection, openConnection } from './connection.js';
import type { Deliveries } from './deliveries.js';
import { Ears } from './ears.js';
import { type Item, laneOf, newItem, settledWithin } from './items.js';
import { Kept } from './kept.js';
import { isChannel, isNick } from '../irc-names.js';
import { NickKeeper } from './nick-keeper.js';
import { defaultTimes, type IrcOptions, type IrcTimes } from './options.js';
import { refuseUnsafe } from './refuse-unsafe.js';
import { Sender } from './sender.js';
import { type Ended, stayConnected } from './stay-connected.js';
import { openTokenBucket } from './token-bucket.js';
import { VersionAnswers } from './version-answers.js';

export interface IrcChat extends ChatPlatform {
  readonly name: 'irc';
  /** Resolves as soon as the message is on disk: it is said in its turn, after an outage or a restart too. */
  queue(to: Destination, message: Message, key: DeliveryKey): Promise<void>;
}

/** How long closing waits for what is going out, and for the answer of the server. */
const CLOSES_WITHIN: Millis = 2 * SECOND;

/** Opens the chat. Resolves at once: the connection comes up, and comes up again, behind it. */
export async function openIrcChat(options: IrcOptions): Promise<IrcChat> {
  refuseUnsafe(options);
  const chat = new SupervisedIrcChat(options);
  chat.begin();
  return chat;
}

class SupervisedIrcChat implements IrcChat {
  readonly name = 'irc';
  readonly #clock: Clock;
  readonly #times: IrcTimes;
  readonly #closed = new AbortController();
  readonly #accounts = new AccountNicks();
  readonly #ears: Ears;
  readonly #versions: VersionAnswers;
  readonly #kept: Kept;
  readonly #sender: Sender;
  readonly #channels: Channels;
  readonly #nicks: NickKeeper;
  #connection: IrcConnection | undefined;
  #deliveries: Deliveries | undefined;
  #echoes = false;
  /** Why there is no connection. */
  #because = 'IRC is not connected yet';
  #supervised: Promise<void> = Promise.resolve();

  constructor(private readonly options: IrcOptions) {
    const { clock } = options;
    const parts = {
      clock,
      times: { ...defaultTimes, ...options.times },
      random: Math.random,
      trouble: (text: string) => options.trouble(text),
    };
    this.#clock = clock;
    this.#times = parts.times;
    this.#versions = new VersionAnswers(options.version ?? 'switchdc', clock);
    this.#kept = new Kept({ ...parts, outbox: options.outbox });
    const flood = { burst: 5, perSecond: 1, ...options.flood };
    this.#sender = new Sender({
      ...parts,
      bucket: openTokenBucket({ ...flood, burst: Math.max(2, flood.burst) }, clock.now()),
      kept: this.#kept,
      look: {
        formatting: options.formatting ?? 'bold',
        prefix: options.prefix,
        called: (person) => this.#nickOf(options.accountOf?.(person) ?? person),
        mostLines: Math.max(2, options.mostLines ?? 5),
        morePage: options.morePage,
        lateAfter: parts.times.lateAfter,
      },
      isReady: (target) => !isChannel(target) || this.#channels.isIn(target),
    });
    this.#channels = new Channels({
      ...parts,
      names: options.channels,
      channelKeys: options.channelKeys,
      joined: (name, connection) => {
        this.#accounts.ask(name, connection);
        this.#sender.pump();
      },
    });
    this.#nicks = new NickKeeper({ ...options, ...parts });
    this.#ears = new Ears({
      channelNamed: (name) => this.#channels.named(name),
      prefix: options.prefix,
      clock,
    });
  }

  get limits(): ChatPlatform['limits'] {
    return { maxBytes: 350, threads: false, edits: false, readback: this.#echoes };
  }

  begin(): void {
    for (const left of this.#kept.leftovers((name) => this.#channels.named(name))) this.#sender.add(left);
    this.#supervised = stayConnected({
      server: `${this.options.host}:${this.options.port}`,
      clock: this.#clock,
      times: this.#times,
      closed: this.#closed.signal,
      random: Math.random,
      connectOnce: (welcomed) => this.#connectOnce(welcomed),
      lost: (because) => (this.#because = `IRC is not connected: ${because}`),
      trouble: (text) => this.options.trouble(text),
    });
  }

  incoming(signal: AbortSignal): AsyncIterable<IncomingMessage> {
    return this.#ears.read(AbortSignal.any([signal, this.#closed.signal]));
  }

  async send(to: Destination, message: Message, key: DeliveryKey): Promise<MessageRef> {
    // Nothing is kept of an answer: there is nothing to look for.
    const sent = laneOf(message, key) === 'reply' ? undefined : this.#kept.arrived(key);
    if (sent !== undefined) return { to, id: sent };
    const item = this.#accept(to, message, key);
    const settled = await settledWithin(item, this.#times.sentWithin, this.#clock, this.#closed.signal);
    if (settled !== undefined) return { to, id: settled };
    if (this.#sender.withdraw(item)) throw new NotSent(this.#because);
    throw new SentUnknown(`nobody has said yet whether ${to.channel} was told`);
  }

  async queue(to: Destination, message: Message, key: DeliveryKey): Promise<void> {
    if (this.#kept.arrived(key) === undefined) this.#accept(to, message, key);
  }

  async findSent(to: Destination, key: DeliveryKey): Promise<MessageRef | undefined> {
    const proof = this.#echoes ? this.#kept.arrived(key) : undefined;
    return proof === undefined ? undefined : { to, id: proof };
  }

  /** Nothing that was said can be changed: the new state is said below it. */
  async revise(ref: MessageRef, message: Message): Promise<MessageRef> {
    return this.send(ref.to, message, `revised/${randomUUID()}`);
  }

  async directTo(identity: { readonly kind: string }): Promise<Destination | undefined> {
    const account = 'account' in identity ? String(identity.account) : undefined;
    const nick = account === undefined ? undefined : this.#accounts.nickOf(account);
    return nick === undefined ? undefined : { platform: 'irc', channel: nick };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed.signal.aborted) return this.#supervised;
    if (this.#connection !== undefined) {
      const waited = new AbortController();
      const late = sleep(this.#clock, CLOSES_WITHIN, waited.signal).catch(() => undefined);
      await Promise.race([this.#sender.idle(), late]);
      waited.abort();
    }
    this.#because = 'IRC is closed';
    this.#closed.abort(new Error('the chat is closed'));
    await this.#supervised;
  }

  #accept(to: Destination, message: Message, key: DeliveryKey): Item {
    const pending = this.#sender.find(key);
    if (pending !== undefined) return pending;
    if (this.#closed.signal.aborted) throw new NotSent('IRC is closed');
    const channel = isChannel(to.channel) ? this.#channels.named(to.channel) : to.channel;
    if (channel === undefined || (channel === to.channel && !isChannel(channel) && !isNick(channel)))
      throw new NotSent(`the bot is in no channel of that name: ${shorten(oneLine(to.channel), 50)}`);
    const lane = laneOf(message, key);
    const item = newItem({
      key,
      channel,
      lane,
      at: this.#clock.now(),
      message,
      askedBy: this.#ears.askedBy(key),
    });
    // An answer that is lost with the process is asked for again; on disk it would only be late.
    if (lane !== 'reply') this.#kept.keep(item, to);
    this.#sender.add(item);
    return item;
  }

  async #connectOnce(welcomed: () => void): Promise<Ended> {
    let since: Instant | undefined;
    const connection = openConnection({
      ...this.options,
      times: this.#times,
      welcomed: (to) => {
        since = this.#clock.now();
        this.#begin(to);
        welcomed();
      },
      hear: (message, to) => this.#hear(message, to),
      notUnderstood: (error) => this.#notUnderstood(error),
    });
    const close = (): void => connection.close('the chat is closed');
    this.#closed.signal.addEventListener('abort', close, { once: true });
    if (this.#closed.signal.aborted) close();
    const because = await connection.ended;
    this.#closed.signal.removeEventListener('abort', close);
    this.#end();
    return { because, lasted: since === undefined ? 0 : this.#clock.now() - since };
  }

  #begin(connection: IrcConnection): void {
    const { trustNicks = [] } = this.options;
    this.#connection = connection;
    this.#echoes = connection.has('echo-message');
    this.#deliveries = this.#sender.connected(connection);
    const trusts = trustNicks.length > 0 && !connection.has('account-tag');
    this.#ears.connected(trusts ? trustNicks : []);
    if (trusts)
      this.options.trouble(
        `IRC: THIS SERVER HAS NO ACCOUNTS AND trustNicks IS SET: whoever takes one of the nicks ${trustNicks.join(', ')} IS that person here`,
      );
    this.#nicks.connected(connection);
    this.#channels.connected(connection);
    this.#sender.pump();
  }

  #end(): void {
    this.#connection = undefined;
    this.#deliveries = undefined;
    this.#nicks.disconnected();
    this.#channels.disconnected();
    this.#accounts.clear();
    this.#sender.disconnected();
  }

  #hear(message: RawMessage, connection: IrcConnection): void {
    this.#deliveries?.hear(message);
    this.#channels.hear(message, connection);
    this.#nicks.hear(message, connection);
    this.#accounts.hear(message, connection);
    this.#versions.hear(message, connection);
    this.#ears.hear(message, connection);
  }

  #notUnderstood(error: unknown): void {
    if (this.#closed.signal.aborted) return;
    this.options.trouble(
      `IRC: a line of the server was left out: ${shorten(oneLine(explainError(error)), 200)}`,
    );
  }

  #nickOf(account: string): string {
    return this.#accounts.nickOf(account) ?? account;
  }
}

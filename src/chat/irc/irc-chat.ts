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
import { DAY, formatLength, instant, type Instant, type Millis, SECOND } from '../../domain/instant.js';
import { oneLine, shorten } from '../../domain/text.js';
import { NotSent, SentUnknown } from '../errors.js';
import type { Message } from '../message.js';
import type { ChatPlatform, DeliveryKey, Destination, IncomingMessage, MessageRef } from '../platform.js';
import { AccountNicks } from './account-nicks.js';
import { backoff } from '../backoff.js';
import { Channels } from './channels.js';
import { type IrcConnection, openConnection } from './connection.js';
import type { Deliveries } from './deliveries.js';
import { IncomingQueue } from './incoming-queue.js';
import { incomingOf } from './incoming.js';
import { type Item, laneOf, newItem } from './items.js';
import { folded, isChannel, isNick } from './names.js';
import { NickKeeper } from './nick-keeper.js';
import { defaultTimes, type IrcFlood, type IrcOptions, type IrcTimes } from './options.js';
import { Sender } from './sender.js';
import { openTokenBucket, type TokenBucket } from './token-bucket.js';

export interface IrcChat extends ChatPlatform {
  readonly name: 'irc';
  /** Resolves as soon as the message is on disk: it is said in its turn, after an outage or a restart too. */
  queue(to: Destination, message: Message, key: DeliveryKey): Promise<void>;
}

/** Messages that nobody has read yet. */
const MOST_UNREAD = 1_000;

/** People whose question may still get a long answer. */
const MOST_ASKERS = 500;

/** What arrived is remembered for as long as somebody may ask whether it did. */
const REMEMBERED: Millis = 30 * DAY;

/** How long closing waits for what is going out, and for the answer of the server. */
const CLOSES_WITHIN: Millis = 2 * SECOND;

/** Answers to CTCP VERSION: a crowd that asks must not make the bot speak too fast. */
const VERSION_ANSWERS: IrcFlood = { burst: 2, perSecond: 0.2 };

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
  readonly #unread = new IncomingQueue<IncomingMessage>(MOST_UNREAD);
  readonly #accounts = new AccountNicks();
  readonly #askers = new Map<string, string>();
  readonly #session = randomUUID().slice(0, 8);
  readonly #versions: TokenBucket;
  readonly #sender: Sender;
  readonly #channels: Channels;
  readonly #nicks: NickKeeper;
  #connection: IrcConnection | undefined;
  #deliveries: Deliveries | undefined;
  #echoes = false;
  #ids = 0;
  #kept = 0;
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
    this.#versions = openTokenBucket(VERSION_ANSWERS, clock.now());
    const flood = { burst: 5, perSecond: 1, ...options.flood };
    this.#sender = new Sender({
      ...parts,
      bucket: openTokenBucket({ ...flood, burst: Math.max(2, flood.burst) }, clock.now()),
      outbox: options.outbox,
      look: {
        formatting: options.formatting ?? 'bold',
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
      joined: (name, connection) => {
        this.#accounts.ask(name, connection);
        this.#sender.pump();
      },
    });
    this.#nicks = new NickKeeper({ ...options, ...parts });
  }

  get limits(): ChatPlatform['limits'] {
    return { maxBytes: 350, threads: false, edits: false, readback: this.#echoes };
  }

  begin(): void {
    const { outbox, clock } = this.options;
    try {
      outbox.forget(instant(clock.now() - REMEMBERED));
      for (const waiting of outbox.waiting('irc')) this.#takeUp(waiting);
    } catch (error) {
      this.options.trouble(`IRC: the outbox cannot be read: ${explainError(error)}`);
    }
    this.#supervised = this.#supervise();
  }

  incoming(signal: AbortSignal): AsyncIterable<IncomingMessage> {
    return this.#unread.read(AbortSignal.any([signal, this.#closed.signal]));
  }

  async send(to: Destination, message: Message, key: DeliveryKey): Promise<MessageRef> {
    // Nothing is kept of an answer: there is nothing to look for.
    const sent = laneOf(message, key) === 'reply' ? undefined : this.#arrived(key);
    if (sent !== undefined) return { to, id: sent };
    const item = this.#accept(to, message, key);
    const stop = new AbortController();
    const late = sleep(
      this.#clock,
      this.#times.sentWithin,
      AbortSignal.any([stop.signal, this.#closed.signal]),
    );
    try {
      const settled = await Promise.race([
        item.settled.proof,
        late.then(
          () => undefined,
          () => undefined,
        ),
      ]);
      if (settled !== undefined) return { to, id: settled };
    } finally {
      stop.abort(new Error('it was answered for'));
    }
    if (this.#sender.withdraw(item)) throw new NotSent(this.#because);
    throw new SentUnknown(`nobody has said yet whether ${to.channel} was told`);
  }

  async queue(to: Destination, message: Message, key: DeliveryKey): Promise<void> {
    if (this.#arrived(key) === undefined) this.#accept(to, message, key);
  }

  async findSent(to: Destination, key: DeliveryKey): Promise<MessageRef | undefined> {
    const proof = this.#echoes ? this.#arrived(key) : undefined;
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
      askedBy: this.#askers.get(key),
    });
    // An answer that is lost with the process is asked for again; on disk it would only be late.
    if (lane !== 'reply') this.#keep(item, to);
    this.#sender.add(item);
    return item;
  }

  #keep(item: Item, to: Destination): void {
    const { outbox } = this.options;
    try {
      outbox.put({ key: item.key, to: { ...to, channel: item.channel }, message: item.message, at: item.at });
      item.isKept = true;
      this.#kept += 1;
      if (this.#kept % 1_000 === 0) outbox.forget(instant(this.#clock.now() - REMEMBERED));
    } catch (error) {
      this.options.trouble(`IRC: the outbox cannot be written: ${explainError(error)}`);
    }
  }

  /**
   * What a process before this one has left. A line of a run that had gone out very likely arrived, and the next ones
   * tell how things are; everything else is said again, and says so.
   */
  #takeUp({ key, to, message, at, state }: ReturnType<IrcOptions['outbox']['waiting']>[number]): void {
    const lane = laneOf(message, key);
    const channel = isChannel(to.channel) ? this.#channels.named(to.channel) : to.channel;
    if (
      channel === undefined ||
      (state === 'written' && lane === 'progress' && key.startsWith('reporter/'))
    ) {
      this.options.outbox.dropped([key]);
      return;
    }
    const unknown = state === 'written' ? 1 : 0;
    this.#sender.add(newItem({ key, channel, lane, at, message, isKept: true, unknown }));
  }

  #arrived(key: DeliveryKey): string | undefined {
    try {
      const found = this.options.outbox.find(key);
      return found?.state === 'sent' ? found.proof : undefined;
    } catch {
      return undefined;
    }
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#closed;
    const isClosed = (): boolean => signal.aborted;
    let failures = 0;
    let told: string | undefined;
    let lostAt: Instant | undefined;
    while (!isClosed()) {
      const welcomed = (): void => {
        if (lostAt !== undefined)
          this.options.trouble(`IRC is back after ${formatLength(this.#clock.now() - lostAt)}`);
        lostAt = undefined;
        told = undefined;
      };
      const { because, lasted } = await this.#connectOnce(welcomed);
      if (isClosed()) return;
      this.#because = `IRC is not connected: ${because}`;
      lostAt ??= this.#clock.now();
      failures = lasted > this.#times.longestWait ? 1 : failures + 1;
      if (told !== because)
        this.options.trouble(`IRC (${this.options.host}:${this.options.port}): ${because}; trying again`);
      told = because;
      const wait = backoff(failures, this.#times.firstWait, this.#times.longestWait, Math.random());
      await sleep(this.#clock, wait, signal).catch(() => undefined);
    }
  }

  async #connectOnce(welcomed: () => void): Promise<{ readonly because: string; readonly lasted: Millis }> {
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
    if (trustNicks.length > 0 && !connection.has('account-tag'))
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
    this.#answerVersion(message, connection);
    const incoming = incomingOf(message, connection, {
      channelNamed: (name) => this.#channels.named(name),
      trustNicks: this.options.trustNicks ?? [],
      now: this.#clock.now(),
      nextId: () => `${this.#session}-${(this.#ids += 1)}`,
    });
    if (incoming === undefined) return;
    this.#rememberAsker(`reply/irc/${incoming.id}`, incoming.calledThere);
    this.#unread.push(incoming);
  }

  #rememberAsker(key: DeliveryKey, nick: string): void {
    this.#askers.set(key, nick);
    const [oldest] = this.#askers.keys();
    if (this.#askers.size > MOST_ASKERS && oldest !== undefined) this.#askers.delete(oldest);
  }

  #answerVersion({ command, params, nick }: RawMessage, connection: IrcConnection): void {
    if (command !== 'PRIVMSG' || params[1]?.trim() !== '\u0001VERSION\u0001' || !isNick(nick)) return;
    if (folded(nick) === folded(connection.nick()) || !this.#versions.take(this.#clock.now())) return;
    connection.write(`NOTICE ${nick} :\u0001VERSION ${oneLine(this.options.version ?? 'switchdc')}\u0001`);
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

/** What cannot be safe is refused before anything is sent. */
function refuseUnsafe({ host, tls, login, serverPassword, channels, nick }: IrcOptions): void {
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const hasSecret = login?.mechanism === 'PLAIN' || serverPassword !== undefined;
  if (hasSecret && tls === undefined && !isHere)
    throw new RangeError(`a password for ${host} needs TLS: it could be read on the way`);
  if (login?.mechanism === 'EXTERNAL' && tls?.client === undefined)
    throw new RangeError('a login by certificate needs TLS with a client certificate');
  const wrong = channels.filter((name) => !isChannel(name));
  if (wrong.length > 0)
    throw new RangeError(`not a channel: ${wrong.map((name) => oneLine(name)).join(', ')}`);
  if (!isNick(nick)) throw new RangeError(`not a nick: ${oneLine(nick)}`);
}

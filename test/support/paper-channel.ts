import { type Identity, identityText } from '../../src/access/person.js';
import { NotSent } from '../../src/chat/errors.js';
import type { Message } from '../../src/chat/message.js';
import type { Below, ChatPlatform, DeliveryKey, Destination, MessageRef } from '../../src/chat/platform.js';
import type { Instant } from '../../src/domain/instant.js';
import { messageText } from './message-text.js';

/** One message in a channel, as it is now. */
export interface OnPaper {
  readonly to: Destination;
  readonly key: DeliveryKey;
  readonly id: string;
  readonly below: Below | undefined;
  message: Message;
  edits: number;
  /** When, by the clock of whom it is read by. */
  readonly at: number;
}

/** What can hold up a message: it is sent when this resolves, and not sent when it rejects. */
export type Holding = (message: Message, key: DeliveryKey) => Promise<void>;

/** A chat on paper, which outlives the process that writes on it: everything that was sent, in order. */
export class PaperChannel implements ChatPlatform {
  readonly messages: OnPaper[] = [];
  /** Whom nobody can speak to here. */
  absent: readonly string[] = [];
  holding: Holding = () => Promise.resolve();
  #woken: (() => void)[] = [];

  constructor(
    readonly name: ChatPlatform['name'],
    readonly limits: ChatPlatform['limits'],
    private readonly now: () => number = () => 0,
  ) {}

  async *incoming(): AsyncIterable<never> {
    // Nobody speaks on paper.
  }

  async send(to: Destination, message: Message, key: DeliveryKey, below?: Below): Promise<MessageRef> {
    await this.holding(message, key);
    const id = `${this.messages.length + 1}`;
    this.messages.push({ to, key, id, below, message, edits: 0, at: this.now() });
    this.#wake();
    return { to, id };
  }

  async findSent(to: Destination, key: DeliveryKey, _since: Instant): Promise<MessageRef | undefined> {
    const found = this.messages.find((one) => one.key === key && one.to.channel === to.channel);
    return found && { to, id: found.id };
  }

  async revise(ref: MessageRef, message: Message): Promise<MessageRef> {
    const found = this.messages.find(({ id }) => id === ref.id);
    if (found === undefined) throw new NotSent('there is no such message');
    found.message = message;
    found.edits += 1;
    this.#wake();
    return ref;
  }

  /** Resolves once what is written is so. */
  async until(what: (texts: readonly string[]) => boolean): Promise<void> {
    while (!what(this.texts())) await new Promise<void>((resolve) => this.#woken.push(resolve));
  }

  texts(): string[] {
    return this.messages.map(({ message }) => messageText(message));
  }

  directTo(identity: Identity): Promise<Destination | undefined> {
    const isHere = identity.kind === this.name && !this.absent.includes(identityText(identity));
    return Promise.resolve(isHere ? { platform: this.name, channel: identityText(identity) } : undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }

  #wake(): void {
    const woken = this.#woken;
    this.#woken = [];
    for (const wake of woken) wake();
  }
}

export const lineProtocol = { maxBytes: 510, threads: false, edits: false, readback: false } as const;
export const withThreads = { maxBytes: 40_000, threads: true, edits: true, readback: true } as const;

/**
 * A chat as the house sees it. An adapter owns its connection, its queue and its rendering.
 *
 * Invariants: an incoming message carries the identity that the platform itself vouches for, or none; nothing that is
 * sent can become a command of the platform's protocol; what cannot be proven to have been sent is never said to be.
 * What it does not do: know people, roles or commands.
 */
import { explainError } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import type { Identity } from '../access/person.js';
import type { Message } from './message.js';

export type PlatformName = 'irc' | 'slack' | 'terminal';

/** `irc/#wikimedia-operations`, `terminal/#operations`. */
export interface Destination {
  readonly platform: PlatformName;
  readonly channel: string;
}

export interface IncomingMessage {
  /** Unique on its platform: the same delivery twice has the same id. */
  readonly id: string;
  readonly from: Destination;
  /** Vouched for by the platform; undefined for somebody unknown to it. */
  readonly sender: Identity | undefined;
  /** What the person is called there; for answers only, never for access. */
  readonly calledThere: string;
  readonly text: string;
  readonly at: Instant;
}

/** Names one delivery for ever: `milestone/2026-northward/1-week/terminal/#community`. */
export type DeliveryKey = string;

export interface MessageRef {
  readonly to: Destination;
  readonly id: string;
}

/** Where a platform has threads: what is said below another message, and whether the channel is shown it as well. */
export interface Below {
  readonly message: MessageRef;
  readonly broadcast: boolean;
}

export interface ChatPlatform extends AsyncDisposable {
  readonly name: PlatformName;
  readonly limits: {
    readonly maxBytes: number;
    readonly threads: boolean;
    readonly edits: boolean;
    readonly readback: boolean;
  };
  incoming(signal: AbortSignal): AsyncIterable<IncomingMessage>;
  /**
   * Resolves once the platform has it; throws NotSent when it is certain that it has not, else SentUnknown. `below` is
   * followed only where `limits.threads`; elsewhere it is said in the channel.
   */
  send(to: Destination, message: Message, key: DeliveryKey, below?: Below): Promise<MessageRef>;
  /**
   * Where the platform keeps an outbox: resolves as soon as the message is on disk. It is said in its turn, after an
   * outage or a restart too, and with others that wait for the same channel; for what nobody needs an answer about.
   */
  queue?(to: Destination, message: Message, key: DeliveryKey): Promise<void>;
  /** Only where `limits.readback`: whether this key was sent. */
  findSent(to: Destination, key: DeliveryKey, since: Instant): Promise<MessageRef | undefined>;
  revise(ref: MessageRef, message: Message): Promise<MessageRef>;
  /** Where somebody can be spoken to alone; undefined for an identity that is not there. A terminal has no such place. */
  directTo?(identity: Identity): Promise<Destination | undefined>;
  /**
   * Where what came in is kept until it is done with: nothing more is to be done about this one, answered or not. What
   * a process left behind without this comes again at the next start.
   */
  handled?(incoming: IncomingMessage): void;
}

export const destinationText = (to: Destination): string => `${to.platform}/${to.channel}`;

/** One line for whoever looks after the process. Pure. */
export const notTold = (to: Destination, error: unknown): string =>
  `${destinationText(to)} was not told: ${explainError(error)}`;

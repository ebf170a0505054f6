/**
 * What was to be said on a platform that cannot be asked what it has: on disk before it is sent, until it is known to
 * have arrived. A process that begins again goes on with what is left.
 *
 * Synchronous, as its storage is: between what is on disk and what is on the wire there must be no moment.
 */
import type { Instant } from '../domain/instant.js';
import type { Message } from './message.js';
import type { DeliveryKey, Destination } from './platform.js';

export interface Waiting {
  readonly key: DeliveryKey;
  readonly to: Destination;
  readonly message: Message;
  /** When it was to be said. */
  readonly at: Instant;
  /** `written`: it may or may not have arrived. */
  readonly state: 'queued' | 'written';
}

export interface Arrived {
  readonly key: DeliveryKey;
  readonly to: Destination;
  readonly state: 'sent';
  readonly at: Instant;
  /** What the platform gave for it. */
  readonly proof: string;
}

export interface Outbox {
  /** Keeps it as queued; a key that is there already takes the new message and keeps its place and time. */
  put(entry: Omit<Waiting, 'state'>): void;
  /** They go out now, all of them or none. */
  written(keys: readonly DeliveryKey[]): void;
  sent(keys: readonly DeliveryKey[], proof: string): void;
  /** It is certain that they did not arrive, and they are not to be tried again. */
  dropped(keys: readonly DeliveryKey[]): void;
  find(key: DeliveryKey): Waiting | Arrived | undefined;
  /** What has not arrived on a platform, the oldest first. */
  waiting(platform: Destination['platform']): readonly Waiting[];
  /** Forgets what arrived before. */
  forget(before: Instant): void;
}

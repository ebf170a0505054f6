import type { Instant } from '../domain/instant.js';
import { sameJson, type Json } from '../domain/json.js';
import type { Message } from './message.js';
import {
  type ChatPlatform,
  type DeliveryKey,
  type Destination,
  type MessageRef,
  notTold,
} from './platform.js';

interface Kept {
  /** Undefined when it could not be said. */
  ref: Promise<MessageRef | undefined>;
  /** As it is there; undefined when that is not known. */
  shown: Message | undefined;
  wanted: Message;
  revising: boolean;
}

export interface Keeping {
  readonly key: DeliveryKey;
  readonly message: Message;
  /** An earlier process may have said it, not before this instant; left out when certainly not. */
  readonly saidSince?: Instant;
}

/**
 * Messages that are kept up to date where a platform can edit: each is said once and then revised in place. Only the
 * newest wish counts, and nobody waits for a revision: what is slow or broken here delays nothing else.
 */
export class KeptMessages {
  readonly #kept = new Map<DeliveryKey, Kept>();

  constructor(
    private readonly platform: Pick<ChatPlatform, 'send' | 'limits' | 'findSent' | 'revise'>,
    private readonly to: Destination,
    private readonly trouble: (text: string) => void,
  ) {}

  /** Says it or revises it. Resolves as soon as the message is there; undefined when it could not be said. */
  keep({ key, message, saidSince }: Keeping): Promise<MessageRef | undefined> {
    const known = this.#kept.get(key);
    const kept = known ?? {
      ref: Promise.resolve(undefined),
      shown: undefined,
      wanted: message,
      revising: false,
    };
    kept.wanted = message;
    if (known === undefined) {
      this.#kept.set(key, kept);
      kept.ref = this.#begin(key, kept, saidSince);
    }
    void this.#revise(key, kept);
    return kept.ref;
  }

  /** No more will be wanted of these; what was wanted last is still carried out. */
  forget(beginning: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(beginning)) this.#kept.delete(key);
  }

  async #begin(
    key: DeliveryKey,
    kept: Kept,
    saidSince: Instant | undefined,
  ): Promise<MessageRef | undefined> {
    try {
      const found =
        saidSince === undefined || !this.platform.limits.readback
          ? undefined
          : await this.platform.findSent(this.to, key, saidSince);
      if (found !== undefined) return found;
      const message = kept.wanted;
      const ref = await this.platform.send(this.to, message, key);
      kept.shown = message;
      return ref;
    } catch (error) {
      this.#kept.delete(key);
      this.trouble(notTold(this.to, error));
      return undefined;
    }
  }

  async #revise(key: DeliveryKey, kept: Kept): Promise<void> {
    if (kept.revising) return;
    kept.revising = true;
    try {
      let ref = await kept.ref;
      while (ref !== undefined && !isShown(kept)) {
        const wish = kept.wanted;
        ref = await this.platform.revise(ref, wish);
        kept.shown = wish;
      }
    } catch (error) {
      kept.shown = undefined;
      this.trouble(`${key} could not be kept up to date: ${notTold(this.to, error)}`);
    } finally {
      // The next wish tries again.
      kept.revising = false;
    }
  }
}

const isShown = ({ shown, wanted }: Kept): boolean =>
  shown !== undefined && sameJson(shown as unknown as Json, wanted as unknown as Json);

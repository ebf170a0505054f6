import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { DAY, instant, type Millis } from '../../domain/instant.js';
import type { Outbox } from '../outbox.js';
import type { DeliveryKey, Destination } from '../platform.js';
import { type Item, laneOf, newItem } from './items.js';
import { isChannel } from '../irc-names.js';

/** What arrived is remembered for as long as somebody may ask whether it did. */
const REMEMBERED: Millis = 30 * DAY;

/** Messages after which what is too old is looked for once more. */
const TIDIES_AFTER = 1_000;

/** What proves that it arrived, where nobody could be asked any more. */
const PRESUMED = 'presumed';

export interface KeptParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly trouble: (text: string) => void;
}

/** What is on disk of what is said. A disk that fails is told and stops nothing: an alarm is said all the same. */
export class Kept {
  #count = 0;

  constructor(private readonly parts: KeptParts) {}

  keep(item: Item, to: Destination): void {
    this.#onDisk((outbox) => {
      outbox.put({ key: item.key, to: { ...to, channel: item.channel }, message: item.message, at: item.at });
      item.isKept = true;
      this.#count += 1;
      if (this.#count % TIDIES_AFTER === 0) this.#tidy(outbox);
    });
  }

  /** They are about to go out. */
  written(items: readonly Item[]): void {
    this.#onDisk((outbox) => outbox.written(keptKeys(items)));
  }

  sent(items: readonly Item[], proof: string): void {
    this.#onDisk((outbox) => outbox.sent(keptKeys(items), proof));
  }

  /** They are not said any more. */
  dropped(items: readonly Item[]): void {
    this.#onDisk((outbox) => outbox.dropped(keptKeys(items)));
  }

  /** The proof that it arrived, where it did. */
  arrived(key: DeliveryKey): string | undefined {
    try {
      const found = this.parts.outbox.find(key);
      return found?.state === 'sent' ? found.proof : undefined;
    } catch (error) {
      this.parts.trouble(`IRC: the outbox cannot be read: ${explainError(error)}`);
      return undefined;
    }
  }

  /**
   * What a process before this one has left. A line of a run that had gone out very likely arrived, and the next ones
   * tell how things are: it counts as said. Everything else is said again, and says so.
   *
   * @param channelNamed The configured spelling of a channel that we are in.
   */
  leftovers(channelNamed: (name: string) => string | undefined): readonly Item[] {
    const { outbox, trouble } = this.parts;
    try {
      this.#tidy(outbox);
      return outbox.waiting('irc').flatMap(({ key, to, message, at, state }) => {
        const lane = laneOf(message, key);
        const channel = isChannel(to.channel) ? channelNamed(to.channel) : to.channel;
        const isOver = state === 'written' && lane === 'progress' && key.startsWith('reporter/');
        if (channel !== undefined && !isOver) {
          const unknown = state === 'written' ? 1 : 0;
          return [newItem({ key, channel, lane, at, message, isKept: true, unknown })];
        }
        if (isOver) outbox.sent([key], PRESUMED);
        else outbox.dropped([key]);
        return [];
      });
    } catch (error) {
      trouble(`IRC: the outbox cannot be read: ${explainError(error)}`);
      return [];
    }
  }

  #tidy(outbox: Outbox): void {
    outbox.forget(instant(this.parts.clock.now() - REMEMBERED));
  }

  #onDisk(change: (outbox: Outbox) => void): void {
    try {
      change(this.parts.outbox);
    } catch (error) {
      this.parts.trouble(`IRC: the outbox cannot be written: ${explainError(error)}`);
    }
  }
}

const keptKeys = (items: readonly Item[]): readonly string[] =>
  items.filter(({ isKept }) => isKept).map(({ key }) => key);

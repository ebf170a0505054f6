import { type Item, type Lane, LANES } from './items.js';

/** Messages of one channel that may wait; of more only the newest are said, and how many are not. */
const MOST_WAITING = 200;

/** What has not gone out yet: each lane in its order, and of what cannot be said now whatever is behind it. */
export class LaneQueues {
  readonly #queues: Readonly<Record<Lane, Item[]>> = { alarm: [], reply: [], progress: [], detail: [] };
  #orders = 0;

  /** @param isReady Whether lines to a target would arrive now. */
  constructor(private readonly isReady: (target: string) => boolean) {}

  /** Puts it at the end of its lane; the one that is left out because too many wait now, where there is one. */
  add(item: Item): Item | undefined {
    item.order = this.#orders += 1;
    this.#queues[item.lane].push(item);
    return item.lane === 'progress' ? this.#leaveOutOldest(item.channel) : undefined;
  }

  /** Before everything that came after it. */
  putBack(item: Item): void {
    const queue = this.#queues[item.lane];
    const later = queue.findIndex(({ order }) => order > item.order);
    queue.splice(later < 0 ? queue.length : later, 0, item);
  }

  find(key: string): Item | undefined {
    for (const lane of LANES) {
      const found = this.#queues[lane].find((item) => item.key === key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  has(item: Item): boolean {
    return this.#queues[item.lane].includes(item);
  }

  remove(item: Item): void {
    const queue = this.#queues[item.lane];
    const at = queue.indexOf(item);
    if (at >= 0) queue.splice(at, 1);
  }

  /** The first of the lane that can be said now. */
  next(lane: Lane): Item | undefined {
    return this.#queues[lane].find(({ channel }) => this.isReady(channel));
  }

  /** All of the lane that wait for this channel. */
  waitingFor(channel: string, lane: Lane): readonly Item[] {
    return this.#queues[lane].filter((item) => item.channel === channel);
  }

  #leaveOutOldest(channel: string): Item | undefined {
    const waiting = this.waitingFor(channel, 'progress').filter(({ unknown }) => unknown === 0);
    const [oldest, next] = waiting;
    if (waiting.length <= MOST_WAITING || oldest === undefined || next === undefined) return undefined;
    next.leftOutBefore += oldest.leftOutBefore + 1;
    this.remove(oldest);
    return oldest;
  }
}

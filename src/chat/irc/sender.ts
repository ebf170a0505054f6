/**
 * What goes out, in which order and how fast: each lane keeps its order, an alarm overtakes everything between two
 * lines, and what waits for the same channel is put together instead of being said one by one.
 *
 * Invariants: what is kept is on disk before it is written; it leaves the disk only when the server has shown that it
 * has it, or has refused it. Nothing waits for anything but tokens, a connection and a joined channel.
 */
import { type Clock, sleep } from '../../domain/clock.js';
import { type Instant, instant, SECOND } from '../../domain/instant.js';
import { NotSent } from '../errors.js';
import { say } from '../message.js';
import { composeOne, composePacked, type LineLook } from './compose-lines.js';
import type { IrcConnection } from './connection.js';
import { Deliveries, type LineOutcome, type OutLine } from './deliveries.js';
import { type Item, type Lane, LANES, newItem } from './items.js';
import type { Kept } from './kept.js';
import { LaneQueues } from './lane-queues.js';
import { type Said, settle } from './settle.js';
import type { TokenBucket } from './token-bucket.js';

export interface SenderParts {
  readonly clock: Clock;
  readonly bucket: TokenBucket;
  readonly kept: Kept;
  readonly look: Omit<LineLook, 'now' | 'sourceBytes'>;
  /** Whether lines to a target would arrive now. */
  isReady(target: string): boolean;
  trouble(text: string): void;
}

interface Group extends Said {
  readonly outcomes: LineOutcome[];
  next: number;
}

/** Messages that wait for one channel from which on they are put together. */
const PACKED_FROM = 4;

/** How long a line may go without an answer before the server is asked. */
const ANSWERS_WITHIN = 3 * SECOND;

/** What nobody waits for goes out one by one, each when the one before was answered: what is urgent is then behind one. */
const ONE_BY_ONE: Readonly<Record<Lane, boolean>> = {
  alarm: false,
  reply: false,
  progress: true,
  detail: true,
};

/** Tokens that progress leaves for alarms and answers. */
const SPARE: Readonly<Record<Lane, number>> = { alarm: 0, reply: 0, progress: 1, detail: 1 };

export class Sender {
  readonly #queues: LaneQueues;
  readonly #underWay = new Map<Lane, Group>();
  readonly #open = new Set<Group>();
  /** Since when a line of progress waits for its answer. */
  #unanswered: Instant | undefined;
  #wakes: AbortController | undefined;
  /** Aborted with each connection that is lost. */
  #lost = new AbortController();
  #idle: (() => void)[] = [];
  #connection: { readonly to: IrcConnection; readonly deliveries: Deliveries } | undefined;

  constructor(private readonly parts: SenderParts) {
    this.#queues = new LaneQueues((target) => parts.isReady(target));
  }

  add(item: Item): void {
    const leftOut = this.#queues.add(item);
    if (leftOut !== undefined) {
      this.parts.kept.dropped([leftOut]);
      leftOut.settled.reject(new NotSent('too many messages wait for IRC'));
    }
    this.pump();
  }

  find(key: string): Item | undefined {
    const queued = this.#queues.find(key);
    if (queued !== undefined) return queued;
    for (const group of this.#open) for (const item of group.items) if (item.key === key) return item;
    return undefined;
  }

  /** Takes back what has not gone out; false where it has. */
  withdraw(item: Item): boolean {
    if (item.unknown > 0 || !this.#queues.has(item)) return false;
    this.#queues.remove(item);
    this.parts.kept.dropped([item]);
    return true;
  }

  connected(to: IrcConnection): Deliveries {
    const deliveries = new Deliveries(to);
    this.#connection = { to, deliveries };
    return deliveries;
  }

  /** What had gone out without an answer comes first when there is a connection again. */
  disconnected(): void {
    const lost = this.#connection;
    this.#connection = undefined;
    this.#unanswered = undefined;
    this.#wakes?.abort();
    this.#lost.abort();
    this.#lost = new AbortController();
    lost?.deliveries.lost();
    for (const lane of LANES) {
      const group = this.#underWay.get(lane);
      this.#underWay.delete(lane);
      if (group !== undefined) this.#ended(group);
    }
  }

  /** Resolves once everything has gone out and was answered for. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Writes what may go out now, and comes back when there are tokens for more. */
  pump(): void {
    for (;;) {
      const connection = this.#connection;
      if (connection === undefined) return;
      const now = this.parts.clock.now();
      const lane = LANES.find((one) => this.#hasLine(one));
      if (lane === undefined) return;
      if (ONE_BY_ONE[lane] && this.#unanswered !== undefined) {
        this.#askAfter(now, this.#unanswered, connection.deliveries);
        return;
      }
      const spare = SPARE[lane];
      if (!this.parts.bucket.take(now, spare)) {
        this.#wakeAt(this.parts.bucket.readyAt(now, spare));
        return;
      }
      this.#writeNext(lane, connection.deliveries, connection.to);
    }
  }

  /** Without an answer the next line would wait for ever. */
  #askAfter(now: Instant, since: Instant, deliveries: Deliveries): void {
    if (now - since >= ANSWERS_WITHIN) {
      deliveries.fence();
      this.#unanswered = now;
    }
    this.#wakeAt(instant((this.#unanswered ?? now) + ANSWERS_WITHIN));
  }

  #wakeAt(at: Instant): void {
    this.#wakes?.abort();
    this.#wakes = new AbortController();
    void this.parts.clock.sleepUntil(at, this.#wakes.signal).then(
      () => this.pump(),
      () => undefined,
    );
  }

  #hasLine(lane: Lane): boolean {
    return this.#underWay.has(lane) || this.#queues.next(lane) !== undefined;
  }

  #writeNext(lane: Lane, deliveries: Deliveries, to: IrcConnection): void {
    const group = this.#underWay.get(lane) ?? this.#begin(lane, to);
    const line = group.lines[group.next];
    group.next += 1;
    const isLast = group.next >= group.lines.length;
    if (isLast) this.#underWay.delete(lane);
    else this.#underWay.set(lane, group);
    if (line === undefined) this.#ended(group);
    else this.#write(line, lane, group, deliveries);
    if (line !== undefined && (isLast || ONE_BY_ONE[lane]) && !deliveries.answersEach) deliveries.fence();
  }

  #write(line: OutLine, lane: Lane, group: Group, deliveries: Deliveries): void {
    if (ONE_BY_ONE[lane]) this.#unanswered = this.parts.clock.now();
    deliveries.write(line, (outcome) => {
      if (ONE_BY_ONE[lane]) this.#unanswered = undefined;
      group.outcomes.push(outcome);
      if (group.outcomes.length === group.lines.length) this.#ended(group);
      this.pump();
    });
  }

  #begin(lane: Lane, to: IrcConnection): Group {
    const { items, lines } = this.#compose(lane, to);
    for (const item of items) this.#queues.remove(item);
    this.parts.kept.written(items);
    const group: Group = { items, lines, outcomes: [], next: 0 };
    this.#open.add(group);
    return group;
  }

  #compose(
    lane: Lane,
    to: IrcConnection,
  ): { readonly items: readonly Item[]; readonly lines: readonly OutLine[] } {
    const look: LineLook = {
      ...this.parts.look,
      now: this.parts.clock.now(),
      sourceBytes: to.sourceBytes(),
    };
    const first = this.#queues.next(lane);
    if (first === undefined) return { items: [], lines: [] };
    const together = lane === 'progress' ? this.#queues.waitingFor(first.channel, lane) : [first];
    if (together.length >= PACKED_FROM) {
      const { lines, packed } = composePacked(together, look);
      return { items: together.slice(0, packed), lines };
    }
    const { lines, rest } = composeOne(first, look);
    if (rest.length > 0) this.#later(rest, first);
    return { items: [first], lines };
  }

  /** The rest of an answer is a group of its own in the last lane, after what is already there. */
  #later(lines: readonly OutLine[], { at, key }: Item): void {
    for (const [index, { target, text }] of lines.entries())
      this.#queues.add(
        newItem({ key: `${key}/more/${index}`, channel: target, lane: 'detail', at, message: say(text) }),
      );
  }

  #ended(group: Group): void {
    if (!this.#open.delete(group)) return;
    const isKnown = settle(group, {
      kept: this.parts.kept,
      again: (item) => this.#queues.putBack(item),
      trouble: (text) => this.parts.trouble(text),
    });
    if (!isKnown && this.#connection !== undefined) this.#soon();
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Not at once: a server that swallows a line is not to be given it three times in one moment. */
  #soon(): void {
    void sleep(this.parts.clock, SECOND, this.#lost.signal).then(
      () => this.pump(),
      () => undefined,
    );
  }

  #isIdle(): boolean {
    return this.#open.size === 0 && LANES.every((lane) => this.#queues.next(lane) === undefined);
  }
}

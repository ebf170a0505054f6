import { type Clock, sleep } from '../../domain/clock.js';
import type { Instant, Millis } from '../../domain/instant.js';
import type { Message } from '../message.js';
import type { DeliveryKey } from '../platform.js';

/** In the order in which they go out. `detail` is the rest of a long answer, which nobody waits for. */
export const LANES = ['alarm', 'reply', 'progress', 'detail'] as const;

export type Lane = (typeof LANES)[number];

/** One message that is to be said. */
export interface Item {
  readonly key: DeliveryKey;
  readonly channel: string;
  readonly lane: Lane;
  readonly at: Instant;
  message: Message;
  /** Who asked, where it is an answer: the rest of a long one goes to them. */
  readonly askedBy: string | undefined;
  /** Whether it is in the outbox. */
  isKept: boolean;
  /** How often it went out without anybody knowing whether it arrived. */
  unknown: number;
  /** Its place among all that were ever to be said. */
  order: number;
  /** Messages before it that too many others have pushed out. */
  leftOutBefore: number;
  /** Resolves with the proof. */
  readonly settled: Settled;
}

export interface Settled {
  readonly proof: Promise<string>;
  resolve(proof: string): void;
  reject(error: Error): void;
}

function settled(): Settled {
  let resolve: (proof: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const proof = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Not everybody waits for it.
  proof.catch(() => undefined);
  return { proof, resolve, reject };
}

/** An alarm is never behind anything, and an answer never behind what nobody asked for. Pure. */
export function laneOf(message: Message, key: DeliveryKey): Lane {
  if (message.tone === 'alarm') return 'alarm';
  return key.startsWith('reply/') ? 'reply' : 'progress';
}

/** One that has not gone out yet. */
export function newItem(
  known: Pick<Item, 'key' | 'channel' | 'lane' | 'at' | 'message'> & Partial<Item>,
): Item {
  return {
    askedBy: undefined,
    isKept: false,
    unknown: 0,
    order: 0,
    leftOutBefore: 0,
    settled: settled(),
    ...known,
  };
}

/** The proof, where there is one in time; rejects where it will not be said. */
export async function settledWithin(
  { settled }: Item,
  most: Millis,
  clock: Clock,
  closed: AbortSignal,
): Promise<string | undefined> {
  const stop = new AbortController();
  const late = sleep(clock, most, AbortSignal.any([stop.signal, closed])).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([settled.proof, late]);
  } finally {
    stop.abort(new Error('it was answered for'));
  }
}

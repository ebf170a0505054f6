import { type Clock, sleep } from '../../domain/clock.js';
import { formatLength, type Instant, type Millis } from '../../domain/instant.js';
import { backoff } from '../backoff.js';
import type { IrcTimes } from './options.js';

/** How one connection ended. */
export interface Ended {
  readonly because: string;
  /** From the welcome on; 0 where there was none. */
  readonly lasted: Millis;
}

export interface StayConnectedParts {
  /** The server, for people. */
  readonly server: string;
  readonly clock: Clock;
  readonly times: IrcTimes;
  readonly closed: AbortSignal;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Makes one connection, and resolves when that is over; never rejects. */
  connectOnce(welcomed: () => void): Promise<Ended>;
  /** There is no connection until the next welcome. */
  lost(because: string): void;
  readonly trouble: (text: string) => void;
}

/** Makes the connection again for ever, ever more slowly, and tells each reason once. Resolves once it is closed. */
export async function stayConnected(parts: StayConnectedParts): Promise<void> {
  const { clock, times, closed, random, trouble } = parts;
  const isClosed = (): boolean => closed.aborted;
  let failures = 0;
  let told: string | undefined;
  let lostAt: Instant | undefined;
  const welcomed = (): void => {
    if (lostAt !== undefined) trouble(`IRC is back after ${formatLength(clock.now() - lostAt)}`);
    lostAt = undefined;
    told = undefined;
  };
  while (!isClosed()) {
    const { because, lasted } = await parts.connectOnce(welcomed);
    if (isClosed()) return;
    parts.lost(because);
    lostAt ??= clock.now();
    failures = lasted > times.longestWait ? 1 : failures + 1;
    if (told !== because) trouble(`IRC (${parts.server}): ${because}; trying again`);
    told = because;
    const wait = backoff(failures, times.firstWait, times.longestWait, random());
    await sleep(clock, wait, closed).catch(() => undefined);
  }
}

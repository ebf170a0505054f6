import { type Clock, reasonOf } from '../domain/clock.js';
import { type Instant, type Millis, plus } from '../domain/instant.js';

export interface FastClock extends Clock {
  /** How many sleeps are waited for now. */
  readonly sleeping: number;
  /** Lets time pass by this much, waking whoever is due on the way, in order. */
  advance(length: Millis): Promise<void>;
  /** Nothing wakes any more: what still sleeps sleeps for ever, as when a process has died. */
  stop(): void;
}

export interface FastClockOptions {
  /** Whether it jumps to the next sleeper by itself whenever nothing else is going on. Default: yes. */
  readonly jumps?: boolean;
  /** How many turns of the event loop nothing may happen in before it jumps. Promise chains need one. */
  readonly turns?: number;
}

interface Sleeper {
  readonly until: Instant;
  wake(): void;
}

/**
 * A clock of discrete events: it stands still while anything runs and jumps to the next sleeper when everything waits,
 * so hours take milliseconds and always happen in the same order. For tests and benchmarks; whoever waits for a socket
 * or a process must use the machine's clock.
 */
export function fastClock(startAt: Instant, options: FastClockOptions = {}): FastClock {
  const { jumps = true, turns = 1 } = options;
  const sleepers: Sleeper[] = [];
  let now = startAt;
  let awaitingTurn = false;
  let stopped = false;

  const wakeDue = (): void => {
    for (let first = sleepers[0]; first !== undefined && first.until <= now; first = sleepers[0]) {
      sleepers.shift();
      first.wake();
    }
  };
  const jump = (): void => {
    const first = sleepers[0];
    if (first === undefined || stopped) return;
    if (first.until > now) now = first.until;
    wakeDue();
  };
  const afterTurns = (left: number): void => {
    setImmediate(() => {
      if (left > 1) {
        afterTurns(left - 1);
        return;
      }
      awaitingTurn = false;
      jump();
      lookForTurn();
    });
  };
  const lookForTurn = (): void => {
    if (!jumps || awaitingTurn || stopped || sleepers.length === 0) return;
    awaitingTurn = true;
    afterTurns(turns);
  };
  const insert = (sleeper: Sleeper): void => {
    let at = sleepers.length;
    for (
      let above = sleepers[at - 1];
      above !== undefined && above.until > sleeper.until;
      above = sleepers[at - 1]
    )
      at -= 1;
    sleepers.splice(at, 0, sleeper);
    lookForTurn();
  };

  return {
    now: () => now,
    get sleeping() {
      return sleepers.length;
    },
    sleepUntil(until, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(reasonOf(signal));
          return;
        }
        if (until <= now) {
          resolve();
          return;
        }
        const give = (): void => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          if (signal) reject(reasonOf(signal));
        };
        const sleeper: Sleeper = {
          until,
          wake() {
            signal?.removeEventListener('abort', give);
            resolve();
          },
        };
        signal?.addEventListener('abort', give, { once: true });
        insert(sleeper);
      });
    },
    async advance(length) {
      const end = plus(now, length);
      const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      await settle();
      for (let next = sleepers[0]; next !== undefined && next.until <= end; next = sleepers[0]) {
        now = next.until;
        wakeDue();
        await settle();
      }
      now = end;
      wakeDue();
      await settle();
    },
    stop() {
      stopped = true;
    },
  };
}

import { type Clock, reasonOf } from '../domain/clock.js';
import { type Instant, type Millis, SECOND, instant, plus } from '../domain/instant.js';
import { type Sqlite, writing } from '../storage/open-database.js';

export interface SimulatedClock extends Clock {
  /** Simulated seconds in a real one. */
  rate(): number;
  /** From now on; what sleeps wakes up accordingly. Throws RangeError for anything but 0.01 to 10,000. Durable. */
  setRate(rate: number): void;
  /** Writes where the clock is; to be called inside the transactions of those who live on it. */
  mark(): void;
  close(): void;
}

export interface SimulatedClockOptions {
  /** Opened by `openWorldFile`: the clock belongs to the world. */
  readonly database: Sqlite;
  readonly wall: Clock;
  /** Where a new world's clock begins. */
  readonly startAt: Instant;
  /** The newest instant that is on record anywhere: after a kill the clock does not fall behind it. */
  readonly notBefore?: Instant;
  /** Default 1. */
  readonly rate?: number;
}

interface Sleeper {
  readonly until: Instant;
  wake(): void;
}

/** Made once: the reason that an abort makes for itself costs a stack trace, at every sleep. */
const SET_ANEW = new Error('the timer is set anew');

const SLOWEST = 0.01;
const FASTEST = 10_000;

/**
 * Simulated time at a settable pace, kept in the world's file so that it goes on after a restart: at the pace of real
 * time while no process ran. It is written every real second and beside every input of the world; it never runs
 * backwards, not across a kill either (`notBefore`).
 */
export function openSimulatedClock(options: SimulatedClockOptions): SimulatedClock {
  const { database, wall } = options;
  const put = database.prepare(
    `INSERT INTO clock (one, simulated, wall) VALUES (1, ?, ?)
     ON CONFLICT (one) DO UPDATE SET simulated = excluded.simulated, wall = excluded.wall`,
  );
  let anchor = { simulated: firstInstant(options), wall: wall.now() };
  let rate = checkRate(options.rate ?? 1);
  const closed = new AbortController();
  const sleepers = new Set<Sleeper>();
  let timer: { readonly next: number; readonly stop: AbortController } | undefined;

  const now = (): Instant =>
    instant(anchor.simulated + Math.max(0, Math.floor((wall.now() - anchor.wall) * rate)));
  const mark = (): void => {
    put.run(now(), wall.now());
  };
  const wakeDue = (): void => {
    const at = now();
    const due = [...sleepers].filter((sleeper) => sleeper.until <= at).sort((a, b) => a.until - b.until);
    for (const sleeper of due) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };
  /** One timer for all, set for whoever is next. */
  const schedule = (): void => {
    timer?.stop.abort(SET_ANEW);
    timer = undefined;
    if (sleepers.size === 0 || closed.signal.aborted) return;
    const next = Math.min(...[...sleepers].map((sleeper) => sleeper.until));
    const stop = new AbortController();
    timer = { next, stop };
    const due = plus(anchor.wall, Math.ceil((next - anchor.simulated) / rate));
    wall.sleepUntil(due, stop.signal).then(
      () => {
        wakeDue();
        schedule();
      },
      () => undefined,
    );
  };
  const heartbeat = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      // A mark that cannot be written is made up for by the next one, or by `notBefore`.
      try {
        writing(database, mark);
      } catch {
        /* the disk's trouble is told by those who must write */
      }
      await wall.sleepUntil(plus(wall.now(), SECOND), closed.signal).catch(() => undefined);
    }
  };
  void heartbeat();

  return {
    now,
    mark,
    rate: () => rate,
    setRate(wanted) {
      anchor = { simulated: now(), wall: wall.now() };
      rate = checkRate(wanted);
      writing(database, mark);
      schedule();
    },
    sleepUntil(until, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(reasonOf(signal));
          return;
        }
        if (until <= now()) {
          resolve();
          return;
        }
        const give = (): void => {
          sleepers.delete(sleeper);
          if (sleeper.until === timer?.next) schedule();
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
        sleepers.add(sleeper);
        if (timer === undefined || sleeper.until < timer.next) schedule();
      });
    },
    close() {
      if (closed.signal.aborted) return;
      writing(database, mark);
      closed.abort();
      timer?.stop.abort();
    },
  };
}

/** Where the clock goes on. Reads. */
function firstInstant({ database, wall, startAt, notBefore }: SimulatedClockOptions): Instant {
  const row = database.prepare('SELECT simulated, wall FROM clock').get() as
    { simulated: number; wall: number } | undefined;
  const away: Millis = row === undefined ? 0 : Math.max(0, wall.now() - row.wall);
  const lived = database
    .prepare(
      `SELECT max(coalesce((SELECT max(at) FROM input), 0), coalesce((SELECT max(at) FROM checkpoint), 0))`,
    )
    .pluck()
    .get() as number;
  return instant(Math.max(row === undefined ? startAt : row.simulated + away, notBefore ?? 0, lived));
}

function checkRate(rate: number): number {
  if (!(rate >= SLOWEST && rate <= FASTEST))
    throw new RangeError(`the simulated clock runs at ${SLOWEST} × to ${FASTEST} ×, not at ${rate} ×`);
  return rate;
}

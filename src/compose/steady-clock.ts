import { type Clock, realDelay, sleep } from '../domain/clock.js';
import { type Instant, type Millis, plus } from '../domain/instant.js';

export interface SteadyClock extends Clock, Disposable {}

/** How often it is looked whether the process keeps up. */
const BREATH: Millis = 4;

/** What one breath counts for at most: the timers of a process that keeps up are not later than this. */
const LONGEST_BREATH: Millis = 6;

/**
 * Real time without the moments in which this process was held up. Simulated time multiplies real time by hundreds: at
 * 240 ×, a quarter of a second in which the machine did something else would be a minute in which nobody answered, and
 * a busy machine would miss every deadline. It falls behind the wall and never runs backwards.
 */
export function openSteadyClock(wall: Clock): SteadyClock {
  const closed = new AbortController();
  let longest = LONGEST_BREATH;
  let breath = { wall: wall.now(), steady: wall.now() };
  const at = (seen: Instant): Instant => plus(breath.steady, Math.min(seen - breath.wall, longest));
  const now = (): Instant => at(wall.now());
  const draw = (): void => {
    const seen = wall.now();
    breath = { steady: at(seen), wall: seen };
  };
  const breathe = async (): Promise<void> => {
    for (;;) {
      await realDelay(BREATH, closed.signal);
      draw();
    }
  };
  void breathe().catch(() => undefined);
  return {
    now,
    async sleepUntil(until, signal) {
      for (let left = until - now(); left > 0; left = until - now()) await sleep(wall, left, signal);
    },
    [Symbol.dispose]() {
      closed.abort(new Error('closed'));
      draw();
      // Nothing looks any more: from here on it goes on like the wall.
      longest = Infinity;
    },
  };
}

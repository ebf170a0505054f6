import type { Instant } from '../domain/instant.js';
import type { Schedule } from './schedule.js';

/** Told of a schedule whose run failed; it is woken again the next time. */
export type Trouble = (schedule: string, error: unknown) => void;

/** Wakes schedules: each for itself, none twice at once, none any more after the closing. */
export interface Wakers {
  readonly signal: AbortSignal;
  /** Runs the schedule now, or, while it still runs, once more after that: for the newest minute it was woken for. */
  wake(schedule: Schedule, due: Instant): void;
  /** Aborts what runs, and resolves when all of it has ended. */
  close(): Promise<void>;
}

interface Running {
  readonly ended: Promise<void>;
  wokenAgain?: Instant;
}

export function wakers(trouble: Trouble): Wakers {
  const closing = new AbortController();
  const running = new Map<Schedule, Running>();

  const runOnce = async (schedule: Schedule, due: Instant): Promise<void> => {
    try {
      await schedule.run(due, closing.signal);
    } catch (error) {
      // What ends because of the closing is not in trouble.
      if (!closing.signal.aborted) trouble(schedule.name, error);
    }
  };

  const start = (schedule: Schedule, due: Instant): void => {
    const ended = runOnce(schedule, due).then(() => {
      const again = running.get(schedule)?.wokenAgain;
      running.delete(schedule);
      if (again !== undefined && !closing.signal.aborted) start(schedule, again);
    });
    running.set(schedule, { ended });
  };

  return {
    signal: closing.signal,
    wake(schedule, due) {
      if (closing.signal.aborted) return;
      const already = running.get(schedule);
      if (already === undefined) start(schedule, due);
      else already.wokenAgain = due;
    },
    async close() {
      closing.abort(new Error('the clockwork closes'));
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

import { type Clock, sleep } from '../../domain/clock.js';
import { MINUTE, type Millis, plus, SECOND } from '../../domain/instant.js';
import { backoff } from '../backoff.js';
import { NotSent, SentUnknown } from '../errors.js';
import type { DeliveryKey } from '../platform.js';
import { SlackRefused } from './errors.js';

/** What is older is told by everything that came after it. */
const TRIES_FOR: Millis = 30 * MINUTE;

const FIRST_WAIT: Millis = SECOND;
const LONGEST_WAIT: Millis = 15 * SECOND;

export interface UntilThereParts {
  readonly clock: Clock;
  readonly closed: AbortSignal;
  /** The time stamp of what was posted; rejects as `Calls` do. */
  readonly post: () => Promise<string>;
  /** Its time stamp where it is there, whoever cannot tell whether it arrived. */
  readonly find: () => Promise<string | undefined>;
}

/** What a run tells is followed by people who must not miss a line of it; everything else is somebody's who tries again. Pure. */
export const isTold = (key: DeliveryKey): boolean => key.startsWith('reporter/');

/**
 * Posts it as soon as Slack can be reached, and once: where nobody knows whether it arrived it is looked for first. What
 * Slack refuses is refused.
 */
export async function untilThere({ clock, closed, post, find }: UntilThereParts): Promise<string> {
  const until = plus(clock.now(), TRIES_FOR);
  let mayBeThere = false;
  for (let failures = 1; ; failures += 1)
    try {
      const there = mayBeThere ? await find() : undefined;
      return there ?? (await post());
    } catch (error) {
      if (!isOutage(error) || clock.now() >= until) throw error;
      mayBeThere ||= error instanceof SentUnknown;
      await waitUnlessClosed(clock, backoff(failures, FIRST_WAIT, LONGEST_WAIT, Math.random()), closed);
    }
}

const isOutage = (error: unknown): boolean =>
  error instanceof SentUnknown || (error instanceof NotSent && !(error instanceof SlackRefused));

async function waitUnlessClosed(clock: Clock, wait: Millis, closed: AbortSignal): Promise<void> {
  try {
    await sleep(clock, wait, closed);
  } catch {
    throw new NotSent('Slack is being left');
  }
}

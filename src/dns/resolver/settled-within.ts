import { type Clock, reasonOf, sleep } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';

/** Waits until it has settled, at most so long. Rejects where `signal` is aborted meanwhile. */
export async function settledWithin(
  settled: Promise<void>,
  length: Millis,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const late = sleep(clock, length, AbortSignal.any([signal, over.signal])).catch(() => undefined);
  await Promise.race([settled, late]);
  over.abort();
  if (signal.aborted) throw reasonOf(signal);
}

import type { Clock } from '../../domain/clock.js';
import type { Instant } from '../../domain/instant.js';

/** What is waited for, or why it is not waited for any longer. Rejects as it does. */
export async function inTime<T>(
  wanted: Promise<T>,
  clock: Clock,
  until: Instant,
  signal: AbortSignal,
): Promise<{ readonly value: T } | 'late' | 'called-off'> {
  const over = new AbortController();
  const stop = new Promise<'called-off'>((resolve) => {
    const tell = (): void => resolve('called-off');
    if (signal.aborted) tell();
    signal.addEventListener('abort', tell, { once: true });
    over.signal.addEventListener('abort', () => signal.removeEventListener('abort', tell), { once: true });
  });
  const late = clock.sleepUntil(until, over.signal).then(
    () => 'late' as const,
    () => 'late' as const,
  );
  try {
    return await Promise.race([wanted.then((value) => ({ value })), stop, late]);
  } finally {
    over.abort();
  }
}

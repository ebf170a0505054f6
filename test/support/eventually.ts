import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until it is so; throws after the deadline (milliseconds). */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  within = 10_000,
): Promise<void> {
  const until = performance.now() + within;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`${what}: not within ${within} ms`);
    await sleep(10);
  }
}

import { type Clock, sleep } from '../domain/clock.js';
import type { Millis } from '../domain/instant.js';

/**
 * An object some of whose methods write, on a disk that takes this long before each: `slowDisk(journal, ['begin',
 * 'append'], …)`. All other methods are the object's own.
 */
export function slowDisk<T extends object>(
  target: T,
  writes: readonly (keyof T)[],
  disk: { diskDelay(): Millis },
  clock: Clock,
): T {
  return new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name, of);
      if (typeof value !== 'function') return value;
      const method = value as (...args: unknown[]) => unknown;
      if (!writes.includes(name as keyof T)) return method.bind(of);
      return async (...args: unknown[]) => {
        const delay = disk.diskDelay();
        if (delay > 0) await sleep(clock, delay);
        return method.apply(of, args);
      };
    },
  });
}

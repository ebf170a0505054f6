import { expect, test } from '@jest/globals';
import { openSteadyClock } from '../../src/compose/steady-clock.js';
import { type Clock } from '../../src/domain/clock.js';
import { HOUR, type Instant, instant, MINUTE } from '../../src/domain/instant.js';

/** A wall that is where it is put. */
function wallAt(start: Instant): Clock & { at: Instant } {
  return {
    at: start,
    now() {
      return this.at;
    },
    sleepUntil: () => Promise.reject(new Error('nobody sleeps here')),
  };
}

test('a moment in which the process was held up hardly counts', () => {
  const wall = wallAt(instant(HOUR));
  using clock = openSteadyClock(wall);
  wall.at = instant(HOUR + 3);
  expect(clock.now()).toBe(HOUR + 3);
  wall.at = instant(HOUR + MINUTE);
  const held = clock.now();
  expect(held - HOUR).toBeLessThan(20);
  wall.at = instant(HOUR + 2 * MINUTE);
  expect(clock.now()).toBe(held);
});

test('once closed it goes on like the wall, from where it was', () => {
  const wall = wallAt(instant(HOUR));
  const clock = openSteadyClock(wall);
  wall.at = instant(HOUR + MINUTE);
  const held = clock.now();
  clock[Symbol.dispose]();
  expect(clock.now()).toBe(held);
  wall.at = instant(HOUR + 2 * MINUTE);
  expect(clock.now()).toBe(held + MINUTE);
});

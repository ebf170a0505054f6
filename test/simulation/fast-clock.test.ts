import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sleep } from '../../src/domain/clock.js';
import { DAY, MINUTE, SECOND, instant } from '../../src/domain/instant.js';
import { fastClock } from '../../src/simulation/fast-clock.js';

const NOON = instant(Date.UTC(2026, 2, 25, 12));

describe('the clock of tests', () => {
  test('jumps to whoever sleeps the shortest, and lets what follows from it happen first', async () => {
    const clock = fastClock(NOON);
    const told: string[] = [];
    const tell = (name: string) => void told.push(`${name} ${(clock.now() - NOON) / SECOND}`);
    await Promise.all([
      sleep(clock, 10 * SECOND).then(() => tell('ten')),
      sleep(clock, SECOND)
        .then(() => tell('one'))
        .then(() => sleep(clock, SECOND))
        .then(() => tell('two')),
    ]);
    expect(told).toEqual(['one 1', 'two 2', 'ten 10']);
  });

  test('needs no time for a year', async () => {
    const clock = fastClock(NOON);
    await sleep(clock, 365 * DAY);
    expect(clock.now() - NOON).toBe(365 * DAY);
  });

  test('stands still for whoever sets it by hand', async () => {
    const clock = fastClock(NOON, { jumps: false });
    let woken = false;
    void sleep(clock, MINUTE).then(() => (woken = true));
    await clock.advance(MINUTE - 1);
    expect([woken, clock.sleeping]).toEqual([false, 1]);
    await clock.advance(1);
    expect([woken, clock.sleeping]).toEqual([true, 0]);
  });

  test('wakes everybody in the order of their times, those of one instant in the order in which they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 20 }), async (lengths) => {
        const clock = fastClock(NOON);
        const woken: [number, number][] = [];
        await Promise.all(
          lengths.map((length, index) => sleep(clock, length).then(() => woken.push([length, index]))),
        );
        const slept = woken.filter(([length]) => length > 0);
        expect(slept).toEqual([...slept].sort(([a, i], [b, j]) => a - b || i - j));
        expect(woken).toHaveLength(lengths.length);
      }),
    );
  });

  test('forgets a sleeper who is called off', async () => {
    const clock = fastClock(NOON);
    const stop = new AbortController();
    const slept = sleep(clock, DAY, stop.signal);
    stop.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
    await sleep(clock, SECOND);
    expect(clock.now() - NOON).toBe(SECOND);
  });

  test('wakes nobody after it has been stopped', async () => {
    const clock = fastClock(NOON);
    let woken = false;
    void sleep(clock, SECOND).then(() => (woken = true));
    clock.stop();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(woken).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../src/domain/clock.js';
import { HOUR, MINUTE, SECOND, instant, plus } from '../../src/domain/instant.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { openSimulatedClock } from '../../src/simulation/simulated-clock.js';
import { openWorldFile } from '../../src/simulation/world-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { AN_HOUR_BEFORE } from '../support/virtual-clock.js';

/** Real time begins long after the simulated one, so that nobody mistakes one for the other. */
const TODAY = instant(Date.UTC(2030, 0, 1));

function worldOnDisk() {
  const folder = temporaryFolder();
  const wall = fastClock(TODAY, { jumps: false });
  const closes: (() => void)[] = [];
  const open = (options: { rate?: number; notBefore?: number } = {}) => {
    const database = openWorldFile(folder.file('world.db'), 'none');
    const { rate = 30, notBefore } = options;
    const clock = openSimulatedClock({
      database,
      wall,
      startAt: AN_HOUR_BEFORE,
      rate,
      ...(notBefore === undefined ? {} : { notBefore: instant(notBefore) }),
    });
    closes.push(() => database.close());
    return { clock, database };
  };
  return {
    wall,
    open,
    [Symbol.dispose]() {
      for (const close of closes) close();
      folder[Symbol.dispose]();
    },
  };
}

const since = (at: number): number => at - AN_HOUR_BEFORE;

describe('the simulated clock', () => {
  test('begins where it is told to and runs at its rate', async () => {
    using world = worldOnDisk();
    const { clock } = world.open({ rate: 30 });
    expect(clock.now()).toBe(AN_HOUR_BEFORE);
    await world.wall.advance(2 * SECOND);
    expect(since(clock.now())).toBe(MINUTE);
  });

  test('wakes sleepers in order, each when its time has come', async () => {
    using world = worldOnDisk();
    const { clock } = world.open({ rate: 30 });
    const woken: [string, number][] = [];
    const wake = (name: string) => () => void woken.push([name, since(clock.now())]);
    void sleep(clock, 2 * MINUTE).then(wake('late'));
    void sleep(clock, MINUTE).then(wake('early'));
    void sleep(clock, 0).then(wake('now'));
    await world.wall.advance(1_999);
    expect(woken).toEqual([['now', 0]]);
    await world.wall.advance(10 * SECOND);
    expect(woken).toEqual([
      ['now', 0],
      ['early', MINUTE],
      ['late', 2 * MINUTE],
    ]);
  });

  test('wakes those who sleep already at the new time when its rate changes', async () => {
    using world = worldOnDisk();
    const { clock } = world.open({ rate: 1 });
    let woken: number | undefined;
    void sleep(clock, MINUTE).then(() => (woken = world.wall.now() - TODAY));
    await world.wall.advance(10 * SECOND);
    clock.setRate(50);
    expect(clock.rate()).toBe(50);
    expect(since(clock.now())).toBe(10 * SECOND);
    await world.wall.advance(999);
    expect(woken).toBeUndefined();
    await world.wall.advance(1);
    expect(woken).toBe(11 * SECOND);
  });

  test('lets a sleep be called off', async () => {
    using world = worldOnDisk();
    const { clock } = world.open();
    const stop = new AbortController();
    const slept = sleep(clock, MINUTE, stop.signal);
    stop.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    await expect(sleep(clock, MINUTE, stop.signal)).rejects.toThrow('enough');
  });

  test('refuses to stand still or to run backwards', () => {
    using world = worldOnDisk();
    const { clock } = world.open();
    for (const rate of [0, -1, NaN, Infinity]) expect(() => clock.setRate(rate)).toThrow(RangeError);
  });

  test('goes on at the pace of real time while no process runs', async () => {
    using world = worldOnDisk();
    const first = world.open({ rate: 30 });
    await world.wall.advance(10 * SECOND);
    first.clock.close();
    await world.wall.advance(HOUR);
    const { clock } = world.open({ rate: 30 });
    expect(since(clock.now())).toBe(5 * MINUTE + HOUR);
    await world.wall.advance(SECOND);
    expect(since(clock.now())).toBe(5 * MINUTE + HOUR + 30 * SECOND);
  });

  test('has lost less than a real second after a kill, and nothing that is on record', async () => {
    using world = worldOnDisk();
    const first = world.open({ rate: 30 });
    await world.wall.advance(10_900);
    const killed = first.clock.now();
    first.database.close();
    expect(killed - world.open().clock.now()).toBeLessThan(30 * SECOND);
    const recorded = plus(killed, 0);
    expect(world.open({ notBefore: recorded }).clock.now()).toBe(recorded);
  });

  test('never falls behind what the world has recorded', async () => {
    using world = worldOnDisk();
    const first = world.open({ rate: 30 });
    await world.wall.advance(900);
    const at = first.clock.now();
    first.database.prepare(`INSERT INTO input (at, revision, input) VALUES (?, 0, '{}')`).run(at);
    first.database.close();
    expect(world.open().clock.now()).toBe(at);
  });

  test('is kept from going back when the machine’s clock is set back between two runs', async () => {
    using world = worldOnDisk();
    const first = world.open({ rate: 30 });
    await world.wall.advance(10 * SECOND);
    first.clock.close();
    first.database.prepare('UPDATE clock SET wall = wall + ?').run(HOUR);
    expect(since(world.open().clock.now())).toBe(5 * MINUTE);
  });
});

import { describe, expect, it } from '@jest/globals';
import { openClockClockwork } from '../../src/clockwork/clock-clockwork.js';
import { BadSchedule } from '../../src/clockwork/errors.js';
import type { Schedule } from '../../src/clockwork/schedule.js';
import type { Clock } from '../../src/domain/clock.js';
import { HOUR, type Instant, MINUTE, SECOND, clockTime, instant } from '../../src/domain/instant.js';
import { at } from '../calendar/support.js';
import { virtualClock } from '../support/virtual-clock.js';

/** A schedule that keeps the times it was woken for, `14:00:00`. */
class Kept implements Schedule {
  readonly times: string[] = [];
  /** What a run waits for, if anything. */
  until: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  constructor(
    readonly cron: string,
    readonly name = cron,
  ) {}

  async run(now: Instant, signal: AbortSignal): Promise<void> {
    this.times.push(clockTime(now));
    await this.until(signal);
  }
}

/** Stands still until it is set; then whoever sleeps finds that it is later, perhaps much later. */
class JumpingClock implements Clock {
  #now = at('2026-03-25T13:00:00Z');
  #wake: () => void = () => undefined;

  now = (): Instant => this.#now;

  sleepUntil(until: Instant, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = () => (this.#now >= until ? resolve() : undefined);
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  async jump(length: number): Promise<void> {
    this.#now = instant(this.#now + length);
    this.#wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const noTrouble = (schedule: string, error: unknown): void => {
  throw new Error(`trouble with ${schedule}`, { cause: error });
};

const START = at('2026-03-25T13:00:00Z');

describe('the clockwork of any clock', () => {
  it('wakes each schedule in each of its minutes, the one in which it is opened too', async () => {
    const clock = virtualClock(START, { jumps: false });
    const [every, fifth, hourly, yesterday] = [
      new Kept('* * * * *'),
      new Kept('*/5 * * * *'),
      new Kept('0 * * * *'),
      new Kept('0 0 24 3 *'),
    ];
    const clockwork = openClockClockwork([every, fifth, hourly, yesterday], clock, noTrouble);
    await clock.advance(11 * MINUTE + 30 * SECOND);
    await clockwork.close();
    expect(every.times).toEqual(Array.from({ length: 12 }, (_, n) => `13:${String(n).padStart(2, '0')}:00`));
    expect(fifth.times).toEqual(['13:00:00', '13:05:00', '13:10:00']);
    expect(hourly.times).toEqual(['13:00:00']);
    expect(yesterday.times).toEqual([]);
  });

  it('opened inside a minute wakes what is due in that minute, and goes on with whole ones', async () => {
    const clock = virtualClock(instant(START + 20 * SECOND), { jumps: false });
    const every = new Kept('* * * * *');
    const clockwork = openClockClockwork([every], clock, noTrouble);
    await clock.advance(40 * SECOND);
    await clockwork.close();
    expect(every.times).toEqual(['13:00:00', '13:01:00']);
  });

  it('wakes once after a jump, for the newest minute that was due', async () => {
    const clock = new JumpingClock();
    const [fifth, noon, hourly] = [new Kept('*/5 * * * *'), new Kept('0 12 * * *'), new Kept('0 * * * *')];
    const clockwork = openClockClockwork([fifth, noon, hourly], clock, noTrouble);
    await clock.jump(2 * HOUR + 7 * MINUTE);
    await clock.jump(MINUTE);
    await clockwork.close();
    expect(fifth.times).toEqual(['13:00:00', '15:05:00']);
    expect(hourly.times).toEqual(['13:00:00', '15:00:00']);
    expect(noon.times).toEqual([]);
  });

  it('never runs a schedule twice at once, and runs it once more for all that it was woken for meanwhile', async () => {
    const clock = virtualClock(START, { jumps: false });
    const slow = new Kept('* * * * *');
    let finish: () => void = () => undefined;
    slow.until = () => new Promise((resolve) => (finish = resolve));
    const clockwork = openClockClockwork([slow], clock, noTrouble);
    await clock.advance(5 * MINUTE);
    expect(slow.times).toEqual(['13:00:00']);
    slow.until = () => Promise.resolve();
    finish();
    await clock.advance(MINUTE);
    await clockwork.close();
    expect(slow.times).toEqual(['13:00:00', '13:05:00', '13:06:00']);
  });

  it('tells of a run that failed, goes on with the others, and wakes it again', async () => {
    const clock = virtualClock(START, { jumps: false });
    const [broken, sound] = [new Kept('* * * * *', 'broken'), new Kept('* * * * *', 'sound')];
    broken.until = () => Promise.reject(new Error('no disk'));
    const troubles: string[] = [];
    const clockwork = openClockClockwork([broken, sound], clock, (schedule, error) =>
      troubles.push(`${schedule}: ${(error as Error).message}`),
    );
    await clock.advance(MINUTE);
    await clockwork.close();
    expect(troubles).toEqual(['broken: no disk', 'broken: no disk']);
    expect(sound.times).toEqual(['13:00:00', '13:01:00']);
  });

  it('stops what runs when it is closed, waits for it, and wakes nothing any more', async () => {
    const clock = virtualClock(START, { jumps: false });
    const endless = new Kept('* * * * *');
    let ended = false;
    endless.until = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          // Whatever has to be put away takes a moment.
          setImmediate(() => {
            ended = true;
            reject(signal.reason as Error);
          });
        }),
      );
    const clockwork = openClockClockwork([endless], clock, noTrouble);
    await clock.advance(3 * MINUTE);
    await clockwork.close();
    expect(ended).toBe(true);
    expect(clock.sleeping).toBe(0);
    await clock.advance(3 * MINUTE);
    expect(endless.times).toEqual(['13:00:00']);
  });

  it('tells when its clock breaks', async () => {
    const broken: Clock = {
      now: () => START,
      sleepUntil: () => Promise.reject(new Error('the world is gone')),
    };
    const troubles: string[] = [];
    const clockwork = openClockClockwork([], broken, (schedule, error) =>
      troubles.push(`${schedule}: ${(error as Error).message}`),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await clockwork.close();
    expect(troubles).toEqual(['the clock: the world is gone']);
  });

  it('does not open with wrong schedules, and says all that is wrong', () => {
    const wrong = [
      new Kept('* * * * *', 'tell'),
      new Kept('61 * * * *', 'remind'),
      new Kept('* * *', 'tell'),
    ];
    expect(() => openClockClockwork(wrong, virtualClock(START), noTrouble)).toThrow(BadSchedule);
    expect(() => openClockClockwork(wrong, virtualClock(START), noTrouble)).toThrow(
      'the schedules are wrong: remind: "61 * * * *": 61 is a invalid expression for minute; expected a pattern such as "*/5 * * * *" (UTC); ' +
        'two schedules are called tell; tell: "* * *" has 3 fields; expected five, such as "*/5 * * * *" (UTC)',
    );
  });
});

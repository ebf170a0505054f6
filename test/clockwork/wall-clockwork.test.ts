import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getTasks } from 'node-cron';
import { BadSchedule } from '../../src/clockwork/errors.js';
import type { Schedule } from '../../src/clockwork/schedule.js';
import { openWallClockwork } from '../../src/clockwork/wall-clockwork.js';
import { systemClock } from '../../src/domain/clock.js';
import { HOUR, MINUTE, clockTime } from '../../src/domain/instant.js';

/** The machine's own timers and time of day are set by hand: nothing waits for a real minute. */
beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-03-25T13:00:20Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

const kept = (cron: string, times: string[]): Schedule => ({
  name: cron,
  cron,
  run: async (now) => void times.push(clockTime(now)),
});

const noTrouble = (schedule: string, error: unknown): void => {
  throw new Error(`trouble with ${schedule}`, { cause: error });
};

describe('the clockwork of the machine', () => {
  it('wakes what is due in the minute in which it is opened, then each schedule in its minutes', async () => {
    const [every, fifth, past] = [[], [], []] as [string[], string[], string[]];
    const schedules = [kept('* * * * *', every), kept('*/5 * * * *', fifth), kept('59 12 * * *', past)];
    const clockwork = openWallClockwork(schedules, systemClock(), noTrouble);
    await jest.advanceTimersByTimeAsync(5 * MINUTE);
    await clockwork.close();
    expect(every).toEqual(['13:00:00', '13:01:00', '13:02:00', '13:03:00', '13:04:00', '13:05:00']);
    expect(fifth).toEqual(['13:00:00', '13:05:00']);
    expect(past).toEqual([]);
  });

  it('wakes late what was missed because the process stood still', async () => {
    const hourly: string[] = [];
    const clockwork = openWallClockwork([kept('0 14 * * *', hourly)], systemClock(), noTrouble);
    jest.setSystemTime(new Date('2026-03-25T14:20:00Z'));
    await jest.advanceTimersByTimeAsync(HOUR);
    await clockwork.close();
    expect(hourly).toEqual(['14:00:00']);
  });

  it('tells of a run that failed and wakes it again', async () => {
    const troubles: string[] = [];
    const broken: Schedule = {
      name: 'broken',
      cron: '* * * * *',
      run: () => Promise.reject(new Error('no disk')),
    };
    const clockwork = openWallClockwork([broken], systemClock(), (schedule, error) =>
      troubles.push(`${schedule}: ${(error as Error).message}`),
    );
    await jest.advanceTimersByTimeAsync(MINUTE);
    await clockwork.close();
    expect(troubles).toEqual(['broken: no disk', 'broken: no disk']);
  });

  it('leaves nothing behind when it is closed', async () => {
    const times: string[] = [];
    const clockwork = openWallClockwork([kept('* * * * *', times)], systemClock(), noTrouble);
    await clockwork.close();
    expect(jest.getTimerCount()).toBe(0);
    expect(getTasks().size).toBe(0);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(times).toEqual(['13:00:00']);
  });

  it('does not open with a wrong pattern, and starts nothing', () => {
    expect(() => openWallClockwork([kept('* * * * *', []), kept('x', [])], systemClock(), noTrouble)).toThrow(
      BadSchedule,
    );
    expect(jest.getTimerCount()).toBe(0);
    expect(getTasks().size).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { ZONE, cronMatcher, minuteOf, patternMistake } from '../../src/clockwork/cron-pattern.js';
import { HOUR, type Instant, MINUTE, instant } from '../../src/domain/instant.js';
import { at } from '../calendar/support.js';

describe('a pattern', () => {
  it.each(['* * * * *', '*/5 * * * *', '0 14 * 3,9 2', '30 8-17 1,15 * *', '0 0 L * *', '0 9 * * MON#2'])(
    'is right: %s',
    (cron) => expect(patternMistake(cron)).toBeUndefined(),
  );

  it.each([
    ['* * * *', '"* * * *" has 4 fields; expected five, such as "*/5 * * * *" (UTC)'],
    ['0 * * * * *', '"0 * * * * *" has 6 fields; expected five, such as "*/5 * * * *" (UTC)'],
    ['@daily', '"@daily" has 1 field; expected five, such as "*/5 * * * *" (UTC)'],
    [
      '60 * * * *',
      '"60 * * * *": 60 is a invalid expression for minute; expected a pattern such as "*/5 * * * *" (UTC)',
    ],
    [
      '0 0 30 2 *',
      '"0 0 30 2 *": 30 2 is an impossible day of month for the given month; expected a pattern such as "*/5 * * * *" (UTC)',
    ],
    ['a b c d e', expect.stringContaining('expected a pattern such as')],
    ['* * * * ;', expect.stringContaining('illegal characters')],
  ])('is refused, with what is wrong: %s', (cron, mistake) => {
    expect(patternMistake(cron)).toEqual(mistake);
  });
});

describe('a minute', () => {
  const latest = (cron: string, after: string, until: string): Instant | undefined => {
    const matcher = cronMatcher(cron);
    try {
      return matcher.latest(at(after), at(until));
    } finally {
      matcher.close();
    }
  };

  it('that a pattern has last is found, also at the very end and after months', () => {
    expect(latest('*/5 * * * *', '2026-03-25T13:00:00Z', '2026-03-25T14:07:30Z')).toBe(
      at('2026-03-25T14:05:00Z'),
    );
    expect(latest('*/5 * * * *', '2026-03-25T13:00:00Z', '2026-03-25T14:05:00Z')).toBe(
      at('2026-03-25T14:05:00Z'),
    );
    expect(latest('0 14 21 3 *', '2025-01-01T00:00:00Z', '2027-03-21T13:59:00Z')).toBe(
      at('2026-03-21T14:00:00Z'),
    );
  });

  it('that lies at the beginning is not looked at again', () => {
    expect(latest('5 * * * *', '2026-03-25T14:05:00Z', '2026-03-25T14:59:59Z')).toBeUndefined();
    expect(latest('5 * * * *', '2026-03-25T14:04:59Z', '2026-03-25T14:05:00Z')).toBe(
      at('2026-03-25T14:05:00Z'),
    );
  });

  it('belongs to a pattern when node-cron says so, for any pattern and any time', () => {
    const numbers = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: 2, max: 7 }).map((step) => `*/${step}`),
        fc
          .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
          .map((list) => list.join(',')),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    const pattern = fc
      .tuple(numbers(0, 59), numbers(0, 23), numbers(1, 28), numbers(1, 12), numbers(0, 6))
      .map((fields) => fields.join(' '));
    // Around the days on which zones change their clocks, too.
    const instants = fc
      .integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') })
      .map((millis) => minuteOf(instant(millis)));
    fc.assert(
      fc.property(pattern, instants, (cron, end) => {
        const matcher = cronMatcher(cron);
        const task = createTask(cron, () => undefined, { timezone: ZONE });
        try {
          const start = instant(end - 2 * HOUR);
          const minutes = Array.from({ length: 120 }, (_, n) => instant(end - n * MINUTE));
          expect(matcher.latest(start, end)).toBe(minutes.find((minute) => task.match(new Date(minute))));
        } finally {
          void task.destroy();
          matcher.close();
        }
      }),
      { numRuns: 200 },
    );
  });
});

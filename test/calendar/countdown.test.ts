import { expect, test } from '@jest/globals';
import { countdown } from '../../src/calendar/countdown.js';
import { instant } from '../../src/domain/instant.js';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

test.each([
  ['in 3 days 4 h', 3 * DAY + 4 * HOUR + 59 * MIN],
  ['in 1 day', DAY],
  ['in 70 days', 70 * DAY + 59 * MIN],
  ['in 23 h 59 min', DAY - 1],
  ['in 2 h', 2 * HOUR],
  ['in 1 min', MIN],
  ['now', MIN - 1],
  ['now', 0],
  ['now', -(MIN - 1)],
  ['5 min ago', -5 * MIN],
  ['2 h 5 min ago', -(2 * HOUR + 5 * MIN)],
  ['7 days ago', -7 * DAY],
])('%s', (text, distance) => {
  const now = instant(1_774_447_200_000);
  expect(countdown(instant(now + distance), now)).toBe(text);
});

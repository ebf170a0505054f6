import { expect, test } from '@jest/globals';
import { parseLengthOfTime } from '../../src/config/length-of-time.js';

test.each([
  ['150 ms', 150],
  ['10s', 10_000],
  ['10 s', 10_000],
  ['0.5 s', 500],
  ['30 min', 1_800_000],
  ['1 h 30 min', 5_400_000],
  ['1h30min', 5_400_000],
  ['1 day', 86_400_000],
  ['2 days', 172_800_000],
  [' 5 s ', 5_000],
])('%s is %d ms', (text, millis) => {
  expect(parseLengthOfTime(text)).toBe(millis);
});

test.each([
  '',
  '10',
  's',
  '-5 s',
  '5 sec',
  '5 m',
  '1e3 s',
  'ten s',
  '5 s s',
  '5 s 10',
  '5,5 s',
  'Infinity s',
  '5 constructor',
  '99999999999 s',
])('%j is no length of time', (text) => {
  expect(parseLengthOfTime(text)).toBeUndefined();
});

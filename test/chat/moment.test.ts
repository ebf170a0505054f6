import { expect, test } from '@jest/globals';
import { instantOfMoment, moment } from '../../src/chat/moment.js';
import { isoSeconds, parseInstant, type Instant } from '../../src/domain/instant.js';

const now = parseInstant('2026-03-25T14:00:00Z') as Instant;

test.each([
  ['30m', '2026-03-25T13:30:00Z'],
  ['30min', '2026-03-25T13:30:00Z'],
  ['2h', '2026-03-25T12:00:00Z'],
  ['7D', '2026-03-18T14:00:00Z'],
  ['2w', '2026-03-11T14:00:00Z'],
  ['2026-03-01', '2026-03-01T00:00:00Z'],
  ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00Z'],
])('%s is %s', (text, expected) => {
  const reading = moment.read(text);
  expect(reading.ok && isoSeconds(instantOfMoment(reading.value, now))).toBe(expected);
});

test.each([
  ['2'],
  ['h'],
  ['2 h'],
  ['2y'],
  ['yesterday'],
  ['2026-02-30'],
  ['2026-03-01T12:00:00'],
  ['-2h'],
  ['999999h'],
  ['2constructor'],
  [''],
])('%j is no moment', (text) => {
  expect(moment.read(text)).toMatchObject({ ok: false, given: text });
});

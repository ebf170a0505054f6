import { describe, expect, test } from '@jest/globals';
import { zoneLabel } from '../../src/calendar/zone-label.js';
import { inZones, isKnownZone, zoneLine } from '../../src/calendar/zones.js';
import { zonestamp } from '../../src/calendar/zonestamp.js';
import { at } from './support.js';

describe('an instant on the clocks of its readers', () => {
  test.each([
    [
      'in September, northern summer',
      '2020-09-01T14:00:00Z',
      '14:00 UTC, 07:00 PDT, 10:00 EDT, 15:00 BST, 16:00 CEST, 19:30 IST, 23:00 JST, 02:00 NZST on Wednesday 2 September',
    ],
    [
      'in the week of March, after the American and before the European change of clocks',
      '2026-03-25T14:00:00Z',
      '14:00 UTC, 07:00 PDT, 10:00 EDT, 14:00 GMT, 15:00 CET, 19:30 IST, 23:00 JST, 03:00 NZDT on Thursday 26 March',
    ],
    [
      'a week later, after both changes',
      '2026-04-01T14:00:00Z',
      '14:00 UTC, 07:00 PDT, 10:00 EDT, 15:00 BST, 16:00 CEST, 19:30 IST, 23:00 JST, 03:00 NZDT on Thursday 2 April',
    ],
    [
      'in winter',
      '2027-01-13T14:00:00Z',
      '14:00 UTC, 06:00 PST, 09:00 EST, 14:00 GMT, 15:00 CET, 19:30 IST, 23:00 JST, 03:00 NZDT on Thursday 14 January',
    ],
    [
      'at night, when America still has the day before',
      '2026-09-23T02:00:00Z',
      '02:00 UTC, 19:00 PDT on Tuesday 22 September, 22:00 EDT on Tuesday 22 September, 03:00 BST, 04:00 CEST, 07:30 IST, 11:00 JST, 14:00 NZST',
    ],
    [
      'in 2050',
      '2050-03-23T14:00:00Z',
      '14:00 UTC, 07:00 PDT, 10:00 EDT, 14:00 GMT, 15:00 CET, 19:30 IST, 23:00 JST, 03:00 NZDT on Thursday 24 March',
    ],
  ])('%s', (_, instant, line) => {
    expect(zoneLine(at(instant))).toBe(line);
  });

  test('the day is named only where it is not the UTC one', () => {
    expect(
      inZones(at('2026-09-23T14:00:00Z'), [{ zone: 'Asia/Tokyo' }, { zone: 'Pacific/Auckland' }]),
    ).toEqual([
      { label: 'JST', zone: 'Asia/Tokyo', time: '23:00' },
      { label: 'NZST', zone: 'Pacific/Auckland', time: '02:00', day: 'Thursday', date: '24 September' },
    ]);
  });

  test.each([
    ['America/Sao_Paulo', '11:00 Sao Paulo'],
    ['America/Argentina/Buenos_Aires', '11:00 Buenos Aires'],
    ['Asia/Kathmandu', '19:45 Kathmandu'],
    ['Europe/Lisbon', '15:00 WEST'],
  ])('%s reads %s', (zone, text) => {
    expect(zoneLine(at('2026-09-23T14:00:00Z'), [{ zone }])).toBe(`14:00 UTC, ${text}`);
  });

  test('a southern zone has its summer in January', () => {
    const zones = [{ zone: 'Australia/Sydney' }];
    expect(zoneLine(at('2027-01-13T10:00:00Z'), zones)).toBe('10:00 UTC, 21:00 AEDT');
    expect(zoneLine(at('2026-09-23T10:00:00Z'), zones)).toBe('10:00 UTC, 20:00 AEST');
  });

  test('a label of one’s own replaces the built-in one', () => {
    expect(zoneLine(at('2026-09-23T14:00:00Z'), [{ zone: 'Europe/Berlin', label: 'Berlin' }])).toBe(
      '14:00 UTC, 16:00 Berlin',
    );
  });

  test('an offset that the table of labels does not know is named by its city, never by a wrong label', () => {
    expect(zoneLabel('Europe/Berlin', 180)).toBe('Berlin');
    expect(zoneLabel('Europe/Berlin', 120)).toBe('CEST');
  });

  test.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Etc/UTC', true],
    ['Europe/Berln', false],
    ['local', false],
    ['CET', false],
    ['EST5EDT', false],
    ['', false],
  ])('the tz database has %j: %s', (zone, known) => {
    expect(isKnownZone(zone)).toBe(known);
  });

  test('a zone that does not exist is thrown by name', () => {
    expect(() => zoneLine(at('2026-09-23T14:00:00Z'), [{ zone: 'Europe/Berln' }])).toThrow(
      new RangeError('no time zone "Europe/Berln" in the tz database'),
    );
  });

  test('a link that counts seconds', () => {
    expect(zonestamp(at('2020-09-01T14:00:00.999Z'))).toBe('https://zonestamp.toolforge.org/1598968800');
  });
});

import { describe, expect, it } from '@jest/globals';
import { NAMES_NO_INSTANT, toldInstants } from '../../src/announcements/told-instants.js';
import type { Override } from '../../src/calendar/overrides.js';
import { found } from '../calendar/support.js';

const retimed: Override = { kind: 'retime', event: '2026-northward', at: '15:00', reason: 'daylight saving' };
const extended: Override = {
  kind: 'extend',
  event: '2026-northward',
  by: { days: 3 },
  reason: 'maintenance',
};
const cancelled: Override = { kind: 'cancel', event: '2026-northward', reason: 'no power' };

const told = (text: string, title = 'Soon', ...overrides: Override[]): string =>
  toldInstants(found('2026-northward', ...overrides), { title, text: [text] });

describe('the instants that a text tells', () => {
  it.each([
    ['a time', 'at {mediawiki.time}', retimed],
    ['times in zones', 'at {mediawiki.times}', retimed],
    ['a link that counts seconds', '{mediawiki.link}', retimed],
    ['a day', 'until {repool.day}', extended],
  ])('are others when it names %s that is changed', (_, text, override) => {
    expect(told(text, 'Soon', override)).not.toBe(told(text));
    expect(told('', text, override)).not.toBe(told('', text));
  });

  it.each([
    ['the day, and only the hour is changed', 'on {mediawiki.day}', retimed],
    ['something else', 'on {mediawiki.day} at {mediawiki.times}', extended],
    ['where the schedule is, and why the event is cancelled', 'see {schedule}: {reason}', cancelled],
  ])('are the same when it names %s', (_, text, override) => {
    expect(told(text, 'Soon', override)).toBe(told(text));
  });

  it('are the same when only words were changed, or their order', () => {
    expect(told('on {mediawiki.day} at {mediawiki.time}')).toBe(
      told('At {mediawiki.time} on {mediawiki.day}, really'),
    );
  });

  it('are none in a text without any', () => {
    expect(told('From {from} to {to}, see {schedule}')).toBe(NAMES_NO_INSTANT);
  });
});

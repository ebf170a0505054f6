import { describe, expect, test } from '@jest/globals';
import { TIMELINE } from '../../schedules/timeline.js';
import { datesTable, eventTable } from '../../src/calendar/dates-table.js';
import { milestonesOf } from '../../src/calendar/milestones.js';
import { calendarWith, found, right } from './support.js';

const event = '2026-northward';
const long = Array.from({ length: 40 }, (_, index) => `because${index}`).join(' ');

describe('the table of dates', () => {
  test('one line per switchover, what differs from the rule under it', () => {
    const calendar = calendarWith(
      { event, kind: 'retime', only: 'traffic', at: '15:30', reason: 'quiet hour' },
      { event, kind: 'extend', by: { days: 3 }, reason: 'new racks' },
      { event: '2026-southward', kind: 'cancel', reason: 'no quorum' },
    );
    expect(datesTable(right(calendar.events(2026, 2026)))).toEqual([
      'switchover      direction      services, traffic     mediawiki (UTC)       repool',
      '2026-northward  south → north  Tue 2026-03-24 14:00  Wed 2026-03-25 14:00  Sat 2026-04-04 14:00',
      '    traffic Tue 2026-03-24 15:30',
      '    re-timed: traffic Tue 2026-03-24 15:30 (was Tue 2026-03-24 14:00): quiet hour',
      '    extended: repool Sat 2026-04-04 14:00 (was Wed 2026-04-01 14:00, 3 days later): new racks',
      '2026-southward  north → south  Tue 2026-09-22 14:00  Wed 2026-09-23 14:00  Wed 2026-09-30 14:00',
      '    cancelled: no quorum',
    ]);
  });

  test('no line is longer than 100 columns, however long the reason', () => {
    const calendar = calendarWith({ event, kind: 'move', to: '2026-04-01', reason: long });
    const lines = datesTable(right(calendar.events(2023, 2050)));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(long);
  });

  test('no switchovers say so', () => {
    expect(datesTable([])).toEqual(['no switchovers']);
  });
});

describe('the table of one switchover', () => {
  test('its four instants, and its milestones in order', () => {
    const one = found(event);
    const lines = eventTable(one, milestonesOf(one, TIMELINE));
    expect(lines.slice(0, 7)).toEqual([
      '2026-northward: datacenter switchover from south to north (times in UTC)',
      '  services   Tue 2026-03-24 14:00',
      '  traffic    Tue 2026-03-24 14:00',
      '  mediawiki  Wed 2026-03-25 14:00',
      '  repool     Wed 2026-04-01 14:00',
      'milestones',
      '  Wed 2026-01-14 14:00  Open the tracking task of the datacenter switchover from south to north',
    ]);
    expect(lines[7]).toBe('                        (engineers, community-relations)');
    expect(lines).toContain('  Wed 2026-03-25 13:30  All wikis will be read-only from 14:00 UTC (community)');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('a cancelled one shows why, and the notice as its only milestone', () => {
    const one = found(event, { event, kind: 'cancel', reason: 'no quorum' });
    expect(eventTable(one, milestonesOf(one, TIMELINE)).slice(5)).toEqual([
      '    cancelled: no quorum',
      'milestones',
      '  Wed 2026-01-14 14:00  Cancelled: datacenter switchover from south to north (everyone)',
    ]);
  });
});

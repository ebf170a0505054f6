import { describe, expect, test } from '@jest/globals';
import { TIMELINE } from '../../schedules/timeline.js';
import { dateJson, nextJson } from '../../src/calendar/dates-json.js';
import { milestonesOf } from '../../src/calendar/milestones.js';
import { calendarWith, found, right } from './support.js';

const event = '2026-northward';

describe('the dates that other programs read', () => {
  test('a switchover by the rule: these fields, in this order, and nothing else', () => {
    expect(JSON.stringify(dateJson(found(event)))).toBe(
      '{"season":"northward","year":2026,"from":"south","to":"north","services":"2026-03-24T14:00:00Z","traffic":"2026-03-24T14:00:00Z","mediawiki":"2026-03-25T14:00:00Z","repool":"2026-04-01T14:00:00Z","overrides":[]}',
    );
  });

  test('an override is one readable object with the instants that it changed', () => {
    const one = found(event, { event, kind: 'retime', only: 'mediawiki', at: '15:00', reason: 'clash' });
    expect(JSON.stringify(dateJson(one))).toBe(
      '{"season":"northward","year":2026,"from":"south","to":"north","services":"2026-03-24T14:00:00Z","traffic":"2026-03-24T14:00:00Z","mediawiki":"2026-03-25T15:00:00Z","repool":"2026-04-01T14:00:00Z","overrides":[{"kind":"retime","reason":"clash","was":{"mediawiki":"2026-03-25T14:00:00Z"},"now":{"mediawiki":"2026-03-25T15:00:00Z"}}]}',
    );
  });

  test('a cancelled switchover ends with the reason', () => {
    const json = dateJson(found(event, { event, kind: 'cancel', reason: 'no quorum' }));
    expect(Object.entries(json).at(-1)).toEqual(['cancelled', 'no quorum']);
    expect(json.overrides).toEqual([
      {
        kind: 'cancel',
        reason: 'no quorum',
        was: {
          services: '2026-03-24T14:00:00Z',
          traffic: '2026-03-24T14:00:00Z',
          mediawiki: '2026-03-25T14:00:00Z',
          repool: '2026-04-01T14:00:00Z',
        },
        now: {},
      },
    ]);
  });

  test('2023 to 2050 are 56 switchovers, from March 2023 to September 2050', () => {
    const dates = right(calendarWith().events(2023, 2050)).map(dateJson);
    expect(dates).toHaveLength(56);
    expect(dates[0]?.mediawiki).toBe('2023-03-22T14:00:00Z');
    expect(dates.at(-1)?.mediawiki).toBe('2050-09-21T14:00:00Z');
    expect(dates.map(({ mediawiki }) => mediawiki)).toEqual(
      [...dates.map(({ mediawiki }) => mediawiki)].sort(),
    );
  });

  test('the next switchover adds its milestones, audiences in one text', () => {
    const one = found(event);
    const json = nextJson(one, milestonesOf(one, TIMELINE));
    expect(Object.keys(json).slice(-2)).toEqual(['overrides', 'milestones']);
    expect(JSON.stringify(json.milestones[0])).toBe(
      '{"key":"tracking-task","at":"2026-01-14T14:00:00Z","title":"Open the tracking task of the datacenter switchover from south to north","audience":"engineers, community-relations"}',
    );
    expect(json.milestones).toHaveLength(TIMELINE.length);
  });
});

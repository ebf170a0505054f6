import { describe, expect, test } from '@jest/globals';
import { TIMELINE } from '../../schedules/timeline.js';
import type { MilestoneDefinition } from '../../src/calendar/milestone.js';
import { milestoneMistakes } from '../../src/calendar/milestone-mistakes.js';
import { milestonesDue, milestonesOf } from '../../src/calendar/milestones.js';
import { isoSeconds } from '../../src/domain/instant.js';
import { at, found } from './support.js';

const event = '2026-northward';

function dueAt(now: string): readonly string[] {
  return milestonesDue(milestonesOf(found(event), TIMELINE), at(now)).map(({ key }) => key);
}

const definition = (changes: Partial<MilestoneDefinition>): MilestoneDefinition => ({
  key: 'one',
  title: 'One',
  at: { of: 'mediawiki' },
  tellWithin: { hours: 1 },
  audiences: ['engineers'],
  text: [],
  ...changes,
});

describe('the milestones around a switchover', () => {
  test('all of them, in order of time', () => {
    const milestones = milestonesOf(found(event), TIMELINE);
    expect(milestones.map(({ key, at: when }) => `${isoSeconds(when)} ${key}`)).toEqual([
      '2026-01-14T14:00:00Z tracking-task',
      '2026-03-04T14:00:00Z live-test',
      '2026-03-04T14:00:00Z first-notice',
      '2026-03-04T14:00:00Z translation',
      '2026-03-11T14:00:00Z banner-prepared',
      '2026-03-11T14:00:00Z newsletter',
      '2026-03-18T14:00:00Z week-notice',
      '2026-03-18T14:00:00Z community-notice',
      '2026-03-18T14:00:00Z deployment-calendar',
      '2026-03-18T14:00:00Z prepare-databases',
      '2026-03-18T14:00:00Z rehearse-databases',
      '2026-03-24T14:00:00Z services',
      '2026-03-25T13:00:00Z phase-0',
      '2026-03-25T13:30:00Z banner',
      '2026-03-25T14:00:00Z read-only',
      '2026-04-01T14:00:00Z repool',
      '2026-04-01T14:00:00Z recap',
    ]);
  });

  test('they follow an event that was moved, and the repool follows its extension', () => {
    const moved = found(
      event,
      { event, kind: 'move', to: '2026-04-08', reason: 'clash' },
      { event, kind: 'retime', only: 'mediawiki', at: '15:30', reason: 'clash' },
      { event, kind: 'extend', by: { days: 3 }, reason: 'racks' },
    );
    const when = new Map(milestonesOf(moved, TIMELINE).map((one) => [one.key, isoSeconds(one.at)]));
    expect(['services', 'banner', 'recap', 'repool'].map((key) => when.get(key))).toEqual([
      '2026-04-07T14:00:00Z',
      '2026-04-08T15:00:00Z',
      '2026-04-15T15:30:00Z',
      '2026-04-18T14:00:00Z',
    ]);
  });

  test.each([
    ['before the first', '2026-01-14T13:59:59Z', []],
    ['10 weeks before', '2026-01-14T14:00:00Z', ['tracking-task']],
    [
      '3 weeks before, no longer the tracking task',
      '2026-03-04T14:00:00Z',
      ['live-test', 'first-notice', 'translation'],
    ],
    ['one hour before', '2026-03-25T13:00:00Z', ['week-notice', 'community-notice', 'phase-0']],
    ['half an hour before', '2026-03-25T13:30:00Z', ['week-notice', 'community-notice', 'banner']],
    ['at the time nothing says "soon"', '2026-03-25T14:00:00Z', ['read-only']],
    ['five minutes later', '2026-03-25T14:05:00Z', []],
    ['at the repool', '2026-04-01T14:00:00Z', ['repool', 'recap']],
    ['long after', '2026-04-08T14:00:00Z', []],
  ])('a service first started %s tells what is still relevant', (_, now, expected) => {
    expect(dueAt(now)).toEqual(expected);
  });

  test('a cancelled switchover has only the notice of that, until a day after it would have been', () => {
    const cancelled = found(event, { event, kind: 'cancel', reason: 'no quorum' });
    expect(milestonesOf(cancelled, TIMELINE)).toMatchObject([
      {
        key: 'cancelled',
        at: at('2026-01-14T14:00:00Z'),
        until: at('2026-03-26T14:00:00Z'),
        title: 'Cancelled: datacenter switchover from south to north',
        audiences: ['everyone'],
      },
    ]);
  });

  test('definitions in any order come out in order of time, equal instants in the order of the definitions', () => {
    const definitions = [
      definition({ key: 'repool', at: { of: 'repool' } }),
      definition({ key: 'first at once' }),
      definition({ key: 'before', at: { of: 'mediawiki', minutes: -1 } }),
      definition({ key: 'second at once' }),
    ];
    const keys = milestonesOf(found(event), definitions).map(({ key }) => key);
    expect(keys).toEqual(['before', 'first at once', 'second at once', 'repool']);
  });

  test('offsets add their units up, before and after', () => {
    const offset = { of: 'services', weeks: -1, days: 1, hours: 2, minutes: -30 } as const;
    const [one] = milestonesOf(found(event), [definition({ at: offset, tellWithin: { minutes: 90 } })]);
    expect([one?.at, one?.until]).toEqual([at('2026-03-18T15:30:00Z'), at('2026-03-18T17:00:00Z')]);
  });
});

describe('a list of milestones', () => {
  test('the shipped one has no mistakes', () => {
    expect(milestoneMistakes(TIMELINE)).toEqual([]);
  });

  test.each<[string, readonly MilestoneDefinition[], string]>([
    ['two with one key', [definition({}), definition({})], 'two milestones are called one'],
    [
      'one that is never worth telling',
      [definition({ tellWithin: {} })],
      'milestone one is never worth telling',
    ],
    ['one for nobody', [definition({ audiences: [] })], 'milestone one is for nobody'],
    [
      'an unknown fact',
      [definition({ text: ['{mediawiki.dya}'] })],
      'milestone one names an unknown fact {mediawiki.dya}',
    ],
    [
      'a title that depends on the reader',
      [definition({ title: '{schedule}' })],
      'milestone one names an unknown fact {schedule}',
    ],
  ])('is refused for %s', (_, definitions, mistake) => {
    expect(milestoneMistakes(definitions).map((found_) => found_.mistake)).toEqual([mistake]);
  });

  test('an unknown fact is answered with the one that was meant', () => {
    expect(milestoneMistakes([definition({ text: ['{mediawiki.dya}'] })])[0]?.expected).toBe(
      'perhaps {mediawiki.day}',
    );
  });
});

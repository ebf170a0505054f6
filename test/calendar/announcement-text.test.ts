import { describe, expect, test } from '@jest/globals';
import { TIMELINE } from '../../schedules/timeline.js';
import {
  type Announcement,
  announcementText,
  plainParagraph,
} from '../../src/announcements/announcement-text.js';
import { milestonesOf } from '../../src/calendar/milestones.js';
import type { SwitchoverEvent } from '../../src/calendar/switchover-event.js';
import { DEFAULT_ZONES } from '../../src/calendar/zones.js';
import { found, right, calendarWith } from './support.js';

const event = '2026-northward';
const reader = { zones: DEFAULT_ZONES, schedule: 'https://switchdc.example.org/schedule' };

function told(one: SwitchoverEvent, key: string): Announcement {
  const milestone = milestonesOf(one, TIMELINE).find((each) => each.key === key);
  if (milestone === undefined) throw new Error(`no milestone ${key}`);
  return announcementText(one, milestone, reader);
}

describe('the text of a milestone', () => {
  test('the message to communities, word for word', () => {
    const { title, paragraphs } = told(found(event), 'community-notice');
    expect(title).toBe('Your wiki will be in read-only soon');
    expect(paragraphs.map(plainParagraph)).toEqual([
      'All traffic will be switched from the south datacenter to the north datacenter on Wednesday 25 March 2026. The switch starts at 14:00 UTC, 07:00 PDT, 10:00 EDT, 14:00 GMT, 15:00 CET, 19:30 IST, 23:00 JST, 03:00 NZDT on Thursday 26 March. See it in your own time zone: https://zonestamp.toolforge.org/1774447200',
      'You will be able to read, but not edit, all wikis for a short period of time: for up to an hour from 14:00 UTC. It is expected to take 2 to 3 minutes.',
      'If you try to edit or save during this time, you will see an error message. Please copy your text before you save, and try again a few minutes later.',
      'Background jobs will be slower, and long-running scripts will be stopped.',
      'The switch may be postponed if necessary. The schedule is at https://switchdc.example.org/schedule; any change is shown there.',
    ]);
  });

  test('dates and datacenters are strong, and nothing else', () => {
    const spans = told(found(event), 'community-notice').paragraphs.flat();
    expect(spans.filter(({ strong }) => strong).map(({ text }) => text)).toEqual([
      'south',
      'north',
      'Wednesday 25 March 2026',
    ]);
  });

  test('a live test goes from the passive datacenter to the primary', () => {
    const { paragraphs } = told(found(event), 'live-test');
    expect(paragraphs.map(plainParagraph).join()).toContain(
      'as a live test from north to south, so that south stays',
    );
  });

  test('what was changed is told with its reason', () => {
    const one = found(event, { event, kind: 'retime', only: 'mediawiki', at: '15:00', reason: 'a clash' });
    expect(plainParagraph(told(one, 'community-notice').paragraphs.at(-1) ?? [])).toBe(
      'Changed from the usual schedule (UTC): re-timed: mediawiki Wed 2026-03-25 15:00 (was Wed 2026-03-25 14:00): a clash.',
    );
  });

  test('a cancellation says what, when and why', () => {
    const one = found(event, { event, kind: 'cancel', reason: 'no quorum' });
    expect(told(one, 'cancelled').paragraphs.map(plainParagraph)).toEqual([
      'The datacenter switchover from south to north that was planned for Wednesday 25 March 2026 at 14:00 UTC does not take place. Reason: no quorum.',
      'The schedule is at https://switchdc.example.org/schedule.',
    ]);
  });

  test('a reason in braces is text and not a fact', () => {
    const one = found(event, { event, kind: 'cancel', reason: '{from} **x**' });
    expect(told(one, 'cancelled').paragraphs.map(plainParagraph).join()).toContain('Reason: {from} **x**.');
  });

  test('templates type no weekday, month, datacenter or year, and no markup', () => {
    const templates = TIMELINE.flatMap(({ title, text }) => [title, ...text])
      .join('\n')
      .replaceAll(/\{[^}]*\}/g, '');
    expect(templates).not.toMatch(
      /(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|March|September|eqiad|codfw|20\d\d|\d\d:\d\d/,
    );
    expect(templates).not.toMatch(/[*_`<>[\]]|''/);
  });

  test('every milestone of every switchover to 2050 can be told', () => {
    for (const one of right(calendarWith().events(2023, 2050))) {
      for (const { key } of milestonesOf(one, TIMELINE)) {
        const { title, paragraphs } = told(one, key);
        expect([title, ...paragraphs.map(plainParagraph)].join('\n')).not.toMatch(/[{}]|undefined|Invalid/);
      }
    }
  });
});

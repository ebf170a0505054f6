import { describe, expect, test } from '@jest/globals';
import { datesCommand } from '../../commands/dates.js';
import { nextCommand } from '../../commands/next.js';
import { DEFAULT_ZONES } from '../../src/calendar/zones.js';
import { type SwitchoverCalendar, switchoverCalendar } from '../../src/calendar/switchover-calendar.js';
import { parseInstant } from '../../src/domain/instant.js';
import { datacenter } from '../../src/domain/names.js';
import { TIMELINE } from '../../schedules/timeline.js';
import { ask, byAlice, seen } from './support.js';

function calendar(): SwitchoverCalendar {
  const made = switchoverCalendar({ northern: datacenter('eqiad'), southern: datacenter('codfw') }, [
    { kind: 'retime', event: '2026-northward', at: '15:00', reason: 'a conference' },
  ]);
  if (!('events' in made)) throw new Error('the calendar is wrong');
  return made;
}

const at = (iso: string) => ({ ...byAlice, now: parseInstant(iso)! });

describe('next', () => {
  const next = nextCommand({ calendar: calendar(), timeline: TIMELINE, zones: DEFAULT_ZONES });

  test('shows the coming switchover, when read-only starts for everybody, and a link for the others', async () => {
    const text = seen(await ask(next, ''));
    expect(text).toContain('2026-northward: datacenter switchover from codfw to eqiad');
    expect(text).toContain('Read-only starts in 1 day 5 h: 15:00 UTC, 08:00 PDT, 11:00 EDT, 15:00 GMT');
    expect(text).toContain('04:00 NZDT on Thursday 26 March');
    expect(text).toContain('https://zonestamp.toolforge.org/1774450800');
  });

  test('gives programs the event with its milestones', async () => {
    const { data } = await ask(next, '', at('2026-03-25T15:00:01Z'));
    expect(data).toEqual({
      season: 'southward',
      year: 2026,
      from: 'eqiad',
      to: 'codfw',
      services: '2026-09-22T14:00:00Z',
      traffic: '2026-09-22T14:00:00Z',
      mediawiki: '2026-09-23T14:00:00Z',
      repool: '2026-09-30T14:00:00Z',
      overrides: [],
      milestones: expect.arrayContaining([
        {
          key: 'tracking-task',
          at: expect.any(String),
          title: expect.any(String),
          audience: expect.any(String),
        },
      ]),
    });
  });

  test('after the last year there is nothing to find', async () => {
    expect((await ask(next, '', at('2999-12-31T00:00:00Z'))).status).toBe('not-found');
  });
});

describe('dates', () => {
  const dates = datesCommand(calendar());
  const years = async (line: string): Promise<unknown> => {
    const { status, data } = await ask(dates, line);
    return status === 'ok' && Array.isArray(data)
      ? [...new Set(data.map((event) => (event as { year: number }).year))]
      : status;
  };

  test('gives programs one object for each switchover, in order', async () => {
    const { data } = await ask(dates, '--from 2026 --to 2026');
    expect(JSON.stringify(data)).toBe(
      '[{"season":"northward","year":2026,"from":"codfw","to":"eqiad","services":"2026-03-24T15:00:00Z","traffic":"2026-03-24T15:00:00Z",' +
        '"mediawiki":"2026-03-25T15:00:00Z","repool":"2026-04-01T15:00:00Z","overrides":[{"kind":"retime","reason":"a conference",' +
        '"was":{"services":"2026-03-24T14:00:00Z","traffic":"2026-03-24T14:00:00Z","mediawiki":"2026-03-25T14:00:00Z","repool":"2026-04-01T14:00:00Z"},' +
        '"now":{"services":"2026-03-24T15:00:00Z","traffic":"2026-03-24T15:00:00Z","mediawiki":"2026-03-25T15:00:00Z","repool":"2026-04-01T15:00:00Z"}}]},' +
        '{"season":"southward","year":2026,"from":"eqiad","to":"codfw","services":"2026-09-22T14:00:00Z","traffic":"2026-09-22T14:00:00Z",' +
        '"mediawiki":"2026-09-23T14:00:00Z","repool":"2026-09-30T14:00:00Z","overrides":[]}]',
    );
  });

  test('shows people a table', async () => {
    expect(seen(await ask(dates, '--from 2030 --to 2030')).split('\n')).toEqual([
      expect.stringMatching(/^switchover +direction +services, traffic +mediawiki \(UTC\) +repool$/),
      expect.stringMatching(/^2030-northward +codfw → eqiad +Tue 2030-03-19 14:00/),
      expect.stringMatching(/^2030-southward +eqiad → codfw +Tue 2030-09-24 14:00/),
    ]);
  });

  test.each([
    ['', [2026, 2027, 2028]],
    ['--from 2049', [2049, 2050, 2051]],
    ['--to 2027', [2026, 2027]],
    ['--to 2020', [2020]],
    ['--from 2999', [2999]],
    ['--from 2023 --to 2024', [2023, 2024]],
  ])('%j', async (line, expected) => {
    expect(await years(line)).toEqual(expected);
  });

  test.each([
    ['--from 2030 --to 2029', 'years 2030 to 2029 run backwards; expected the earlier year first.'],
    ['--from 26', '"26" is not right for --from: expected a whole number from 1970 to 2999.'],
    ['--from next', '"next" is not right for --from: expected a whole number from 1970 to 2999.'],
  ])('%j is a mistake', async (line, text) => {
    const reply = await ask(dates, line);
    expect([reply.status, seen(reply)]).toEqual(['mistake', text]);
  });
});

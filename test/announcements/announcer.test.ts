import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Addressee } from '../../src/announcements/addressee.js';
import type { Override } from '../../src/calendar/overrides.js';
import { DAY, HOUR, MINUTE, instant } from '../../src/domain/instant.js';
import { TIMELINE } from '../../schedules/timeline.js';
import {
  before,
  cancelled,
  COMMUNITY,
  EVENT,
  MILESTONES,
  movedBy,
  OPERATIONS,
  retimed,
  Story,
} from './story.js';
import { LedgerFile } from './support.js';

describe('reminders', () => {
  it('are told to those they concern, from their instant on', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    expect(await story.wake(instant(before(21 * DAY) - 1))).toEqual([]);
    expect(await story.wake(before(21 * DAY))).toEqual(['#operations: Prepare the switchover to north']);
    expect(await story.wake(before(7 * DAY))).toEqual([
      '#operations: Read-only soon',
      '#community: Read-only soon',
    ]);
    expect(story.channels.lines.at(-1)?.text).toBe(
      'From 14:00 UTC, 23:00 JST: https://zonestamp.toolforge.org/1774447200',
    );
  });

  it('are told once, however often somebody wakes up and wherever the process restarts', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    const titles: string[] = [];
    for (let day = 22; day >= -9; day -= 0.25)
      titles.push(...(await story.restarted().wake(before(day * DAY))));
    titles.push(...(await story.wakeEvery(MINUTE, before(HOUR), before(0))));
    expect(titles.filter((title) => !title.includes('Breathe'))).toEqual([
      '#operations: Prepare the switchover to north',
      '#operations: Read-only soon',
      '#community: Read-only soon',
      '#operations: Repool south',
    ]);
  });

  it('are told late by a service that was down at their instant, and not when that is too late', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    expect(await story.wake(before(300 * DAY))).toEqual([]);
    expect(await story.wake(before(2 * DAY))).toEqual([
      '#operations: Read-only soon',
      '#community: Read-only soon',
    ]);
    expect(await story.notTold(before(2 * DAY))).toEqual([
      {
        event: '2026-northward',
        milestone: 'prepare',
        title: 'Prepare the switchover to north',
        to: 'terminal/#operations',
        state: 'not-sent',
        since: before(2 * DAY),
        because: 'nobody told it before 2026-03-11T14:00:00Z',
      },
    ]);
    const outcomes = await story.restarted().outcomes(before(2 * DAY));
    expect(outcomes).toEqual([]);
  });

  it('of a time before the service was there count as nobody’s to tell', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    expect(await story.wake(before(2 * DAY))).toEqual([
      '#operations: Read-only soon',
      '#community: Read-only soon',
    ]);
    expect(await story.notTold(before(2 * DAY))).toEqual([]);
    expect(await story.restarted().notTold(before(DAY))).toEqual([]);
  });

  it('of the shipped timeline all come, in order, each once', async () => {
    using file = new LedgerFile();
    const everyone: Addressee = {
      destination: { platform: 'terminal', channel: '#all' },
      audiences: ['everyone'],
    };
    const story = new Story(file, TIMELINE, [everyone]);
    await story.wakeEvery(30 * MINUTE, before(71 * DAY), instant(EVENT + 8 * DAY));
    const keys = story.channels.lines.map(({ key }) => key.split('/')[2]);
    expect(keys).toEqual(TIMELINE.map(({ key }) => key));
  });
});

describe('what cannot be sent', () => {
  it('is sent the next time, and keeps nobody else waiting', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wake(before(21 * DAY));
    story.channels.weather = (to) => (to.includes('#operations') ? 'refused' : 'arrives');
    expect(await story.wake(before(7 * DAY))).toEqual(['#community: Read-only soon']);
    expect(await story.notTold(before(7 * DAY))).toMatchObject([
      { milestone: 'notice', to: 'terminal/#operations', state: 'not-sent', because: 'not connected' },
    ]);
    story.channels.weather = () => 'arrives';
    expect(await story.wake(before(6 * DAY))).toEqual(['#operations: Read-only soon']);
    expect(await story.notTold(before(6 * DAY))).toEqual([]);
  });

  it('until it is too late is listed as not told, with the last reason', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES.slice(0, 1));
    story.channels.weather = () => 'refused';
    await story.wakeEvery(DAY, before(21 * DAY), before(10 * DAY));
    story.channels.weather = () => 'arrives';
    expect(await story.wake(before(9 * DAY))).toEqual([]);
    expect(await story.notTold(before(9 * DAY))).toMatchObject([
      { milestone: 'prepare', because: 'not connected' },
    ]);
  });

  it('for a reason nobody foresaw is told as unknown, and keeps nobody else waiting', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wake(before(21 * DAY));
    story.channels.weather = (to) => (to.includes('#operations') ? 'breaks' : 'arrives');
    expect(await story.outcomes(before(7 * DAY))).toMatchObject([
      { outcome: 'unknown', because: 'the adapter is broken' },
      { outcome: 'sent' },
    ]);
  });
});

describe('a sending of unknown outcome', () => {
  const died = async (readable: boolean, arrives: boolean, file: LedgerFile): Promise<Story> => {
    const story = new Story(file, MILESTONES.slice(0, 1), [OPERATIONS], readable);
    story.channels.weather = () => (arrives ? 'unanswered' : 'lost');
    await story.wake(before(21 * DAY));
    story.channels.weather = () => 'arrives';
    return story.restarted();
  };

  it('is looked for where the channel can be read, and not sent again when it is there', async () => {
    using file = new LedgerFile();
    const story = await died(true, true, file);
    expect(await story.notTold(before(21 * DAY))).toMatchObject([{ state: 'unknown' }]);
    expect(await story.wake(before(20 * DAY))).toEqual([]);
    expect(await story.notTold(before(20 * DAY))).toEqual([]);
    expect(story.channels.titles).toEqual(['#operations: Prepare the switchover to north']);
  });

  it('is sent as if for the first time where the channel can be read and does not have it', async () => {
    using file = new LedgerFile();
    const story = await died(true, false, file);
    expect(await story.wake(before(20 * DAY))).toEqual(['#operations: Prepare the switchover to north']);
    expect(await story.wake(before(19 * DAY))).toEqual([]);
  });

  it('is sent once more and marked so where the channel cannot be read', async () => {
    using file = new LedgerFile();
    const story = await died(false, true, file);
    expect(await story.wake(before(20 * DAY))).toEqual([
      '#operations: (again) Prepare the switchover to north',
    ]);
    expect(await story.wake(before(19 * DAY))).toEqual([]);
  });

  it('is marked as repeated also when the repetition had to wait for the channel', async () => {
    using file = new LedgerFile();
    const story = await died(false, true, file);
    story.channels.weather = () => 'refused';
    expect(await story.wakeEvery(HOUR, before(20 * DAY), before(19 * DAY))).toEqual([]);
    expect(await story.notTold(before(19 * DAY))).toMatchObject([{ state: 'unknown' }]);
    story.channels.weather = () => 'arrives';
    expect(await story.wake(before(18 * DAY))).toEqual([
      '#operations: (again) Prepare the switchover to north',
    ]);
  });

  it('is sent three times at most, and stays unknown', async () => {
    using file = new LedgerFile();
    const story = await died(false, true, file);
    story.channels.weather = () => 'unanswered';
    await story.wakeEvery(HOUR, before(20 * DAY), before(18 * DAY));
    expect(story.channels.lines).toHaveLength(3);
    expect(await story.notTold(before(18 * DAY))).toMatchObject([{ milestone: 'prepare', state: 'unknown' }]);
  });

  it('is what the death of the process leaves behind, at whatever moment', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES.slice(0, 1), [OPERATIONS], true);
    // The file is closed under the hands of the sender: it learns of nothing after the line is in the channel.
    story.channels.sent = () => void file.open();
    await expect(story.outcomes(before(21 * DAY))).rejects.toThrow();
    story.channels.sent = () => undefined;
    expect(await story.restarted().wake(before(20 * DAY))).toEqual([]);
    expect(story.channels.lines).toHaveLength(1);
    expect(await story.notTold(before(20 * DAY))).toEqual([]);
  });
});

describe('the announcer', () => {
  it('gives calls their turn: two at once tell nothing twice', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await Promise.all([
      story.outcomes(before(21 * DAY)),
      story.outcomes(before(21 * DAY)),
      story.outcomes(before(21 * DAY)),
    ]);
    expect(story.channels.titles).toEqual(['#operations: Prepare the switchover to north']);
  });

  it('tells nothing more once it is to stop, and can be called again', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    const stop = new AbortController();
    story.channels.sent = () => stop.abort(new Error('closing'));
    await expect(story.outcomes(before(7 * DAY), stop.signal)).rejects.toThrow('closing');
    expect(story.channels.lines).toHaveLength(1);
    expect(await story.wake(before(6 * DAY))).toEqual(['#community: Read-only soon']);
  });

  it('tells last what is true, and nothing twice to a channel that can be read, whatever happens on the way', async () => {
    const overrides = fc.constantFrom<Override[]>([], [retimed], [movedBy('2026-03-31')], [cancelled]);
    const weather = fc.constantFrom('arrives', 'refused', 'lost', 'unanswered', 'breaks');
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), overrides, weather), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (chosen) => {
        using file = new LedgerFile();
        const story = new Story(file, MILESTONES, [COMMUNITY], true);
        let now: number = before(7 * DAY);
        for (const [hours, calendar, today] of chosen) {
          now = Math.min(now + hours * HOUR, before(3 * DAY));
          story.restarted(...calendar).channels.weather = () => today;
          await story.wake(instant(now));
        }
        const last = chosen.at(-1)![1];
        story.restarted(...last).channels.weather = () => 'arrives';
        await story.wake(instant(now + HOUR));
        const keys = story.channels.lines.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const said = story.channels.lines.at(-1);
        if (last[0]?.kind === 'cancel') expect(said?.title).toMatch(/^Cancelled/);
        else if (last[0]?.kind === 'retime') expect(said?.text).toContain('15:00 UTC');
        else if (last.length === 0) expect(said?.text).toContain('14:00 UTC');
        expect(await story.wake(instant(now + 2 * HOUR))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

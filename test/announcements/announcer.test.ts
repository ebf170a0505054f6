import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Addressee } from '../../src/announcements/addressee.js';
import { type Announcer, announcer } from '../../src/announcements/announcer.js';
import type { DeliveryLedger } from '../../src/announcements/delivery-ledger.js';
import type { MilestoneDefinition } from '../../src/calendar/milestone.js';
import type { Override } from '../../src/calendar/overrides.js';
import { DAY, HOUR, type Instant, MINUTE, instant } from '../../src/domain/instant.js';
import { TIMELINE } from '../../schedules/timeline.js';
import { at, calendarWith } from '../calendar/support.js';
import { Channels } from './channels.js';
import { LedgerFile } from './support.js';

const OPERATIONS: Addressee = {
  destination: { platform: 'terminal', channel: '#operations' },
  audiences: ['engineers'],
};
const COMMUNITY: Addressee = {
  destination: { platform: 'terminal', channel: '#community' },
  audiences: ['community'],
};

/** Read-only of 2026-northward starts at 2026-03-25T14:00:00Z. */
const EVENT = at('2026-03-25T14:00:00Z');
const before = (length: number): Instant => instant(EVENT - length);

/** Four milestones that show everything; TIMELINE itself is told in one test. */
const MILESTONES: readonly MilestoneDefinition[] = [
  {
    key: 'prepare',
    title: 'Prepare the switchover to {to}',
    at: { of: 'mediawiki', weeks: -3 },
    tellWithin: { weeks: 1 },
    audiences: ['engineers'],
    text: ['It is on {mediawiki.day}.'],
  },
  {
    key: 'notice',
    title: 'Read-only soon',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { weeks: 1 },
    audiences: ['everyone'],
    text: ['From {mediawiki.times}: {mediawiki.link}'],
  },
  {
    key: 'breathe',
    title: 'Breathe',
    at: { of: 'mediawiki', hours: -1 },
    tellWithin: { hours: 1 },
    audiences: ['engineers'],
    text: ['In and out.'],
  },
  {
    key: 'repool',
    title: 'Repool {from}',
    at: { of: 'repool' },
    tellWithin: { days: 1 },
    audiences: ['engineers'],
    text: ['Now, {repool.day}.'],
  },
];

class Story {
  readonly channels: Channels;
  #ledger: DeliveryLedger;
  #overrides: readonly Override[] = [];
  #announcer: Announcer;

  constructor(
    readonly file: LedgerFile,
    readonly milestones = MILESTONES,
    readonly addressees: readonly Addressee[] = [OPERATIONS, COMMUNITY],
    readable = false,
  ) {
    this.channels = new Channels(readable);
    this.#ledger = file.open();
    this.#announcer = this.#made();
  }

  #made(): Announcer {
    return announcer({
      calendar: calendarWith(...this.#overrides),
      definitions: this.milestones,
      addressees: this.addressees,
      reader: { zones: [{ zone: 'Asia/Tokyo' }], schedule: '`dates`' },
      ledger: this.#ledger,
      post: this.channels,
    });
  }

  /** The process ends, however it ends, and another one begins, perhaps with another calendar. */
  restarted(...overrides: readonly Override[]): this {
    this.#overrides = overrides;
    this.#ledger = this.file.open();
    this.#announcer = this.#made();
    return this;
  }

  /** Wakes the announcer once; gives the titles of what is newly in the channels. */
  async wake(now: Instant): Promise<string[]> {
    const already = this.channels.lines.length;
    await this.#announcer.tellDue(now, new AbortController().signal);
    return this.channels.titles.slice(already);
  }

  async wakeEvery(step: number, from: Instant, until: Instant): Promise<string[]> {
    const titles: string[] = [];
    for (let now = from; now <= until; now = instant(now + step)) titles.push(...(await this.wake(now)));
    return titles;
  }

  outcomes = (now: Instant, signal = new AbortController().signal) => this.#announcer.tellDue(now, signal);
  notTold = (now: Instant) => this.#announcer.notTold(now);
}

const retimed: Override = { kind: 'retime', event: '2026-northward', at: '15:00', reason: 'daylight saving' };
const movedBy = (to: string): Override => ({
  kind: 'move',
  event: '2026-northward',
  to,
  reason: 'maintenance',
});
const cancelled: Override = { kind: 'cancel', event: '2026-northward', reason: 'no power' };
const extended: Override = {
  kind: 'extend',
  event: '2026-northward',
  by: { days: 3 },
  reason: 'maintenance goes on',
};

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

describe('an event that is moved', () => {
  it('is told again at once to all who were told before, and to nobody twice', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wakeEvery(DAY, before(22 * DAY), before(5 * DAY));
    const titles = await story.restarted(retimed).wake(before(4 * DAY));
    expect(titles).toEqual(['#operations: Moved: Read-only soon', '#community: Moved: Read-only soon']);
    expect(story.channels.lines.at(-1)?.text).toBe(
      [
        'This replaces what was told here before.',
        'From 15:00 UTC, 00:00 JST on Thursday 26 March: https://zonestamp.toolforge.org/1774450800',
        'Changed from the usual schedule (UTC): re-timed: services Tue 2026-03-24 15:00 (was Tue 2026-03-24 14:00), ' +
          'traffic Tue 2026-03-24 15:00 (was Tue 2026-03-24 14:00), mediawiki Wed 2026-03-25 15:00 (was Wed 2026-03-25 14:00), ' +
          'repool Wed 2026-04-01 15:00 (was Wed 2026-04-01 14:00): daylight saving.',
      ].join('\n'),
    );
    expect(await story.restarted(retimed).wake(before(3 * DAY))).toEqual([]);
  });

  it('to a later week is told at once, and reminded of again when its new time comes', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wakeEvery(DAY, before(22 * DAY), before(5 * DAY));
    story.restarted(movedBy('2026-04-08'));
    expect(await story.wake(before(4 * DAY))).toEqual([
      '#operations: Moved: Prepare the switchover to north',
      '#operations: Moved: Read-only soon',
      '#community: Moved: Read-only soon',
    ]);
    expect(await story.wakeEvery(DAY, before(3 * DAY), instant(EVENT + 8 * DAY))).toEqual([
      '#operations: Read-only soon',
      '#community: Read-only soon',
    ]);
  });

  it('is told to somebody who heard of it only in a reminder that is no longer worth telling', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wake(before(20 * DAY));
    story.restarted(movedBy('2026-03-31'));
    expect(await story.wake(before(7.5 * DAY))).toEqual([
      '#operations: Moved: Prepare the switchover to north',
    ]);
    expect(await story.wake(before(7.25 * DAY))).toEqual([]);
  });

  it('is put right once more when it is not known whether that was heard', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES, [OPERATIONS], true);
    await story.wake(before(20 * DAY));
    story.restarted(movedBy('2026-03-31')).channels.weather = () => 'lost';
    expect(await story.wake(before(7.5 * DAY))).toEqual([]);
    story.restarted(movedBy('2026-03-31')).channels.weather = () => 'arrives';
    expect(await story.wake(before(7.25 * DAY))).toEqual([
      '#operations: Moved: Prepare the switchover to north',
    ]);
    expect(await story.wake(before(7.2 * DAY))).toEqual([]);
  });

  it('and is over by then misleads nobody any more', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES, [OPERATIONS]);
    await story.wake(before(20 * DAY));
    expect(await story.restarted(movedBy('2026-03-10')).wake(at('2026-03-12T12:00:00Z'))).toEqual([]);
  });

  it('and back is told both times', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES, [COMMUNITY]);
    await story.wake(before(7 * DAY));
    expect(await story.restarted(retimed).wake(before(4 * DAY))).toEqual([
      '#community: Moved: Read-only soon',
    ]);
    expect(await story.restarted().wake(before(3 * DAY))).toEqual(['#community: Moved: Read-only soon']);
    expect(await story.wake(before(2 * DAY))).toEqual([]);
    const times = story.channels.lines.map(({ text }) => /\d\d:\d\d UTC/.exec(text)?.[0]);
    expect(times).toEqual(['14:00 UTC', '15:00 UTC', '14:00 UTC']);
  });

  it('is not told again where what was told stays true', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wakeEvery(HOUR, before(21 * DAY), before(0));
    expect(await story.restarted(extended).wake(instant(EVENT + HOUR))).toEqual([]);
    const repools = await story.wakeEvery(DAY, instant(EVENT + 6 * DAY), instant(EVENT + 11 * DAY));
    expect(repools).toEqual(['#operations: Repool south']);
    expect(story.channels.lines.at(-1)?.text).toContain('Now, Saturday 4 April');
  });

  it('before anybody was told is simply told in time', async () => {
    using file = new LedgerFile();
    const story = new Story(file).restarted(retimed);
    expect(await story.wake(instant(before(21 * DAY) + HOUR))).toEqual([
      '#operations: Prepare the switchover to north',
    ]);
  });

  it('is told again until it could be, as long as that matters', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES, [COMMUNITY]);
    await story.wake(before(7 * DAY));
    story.restarted(retimed).channels.weather = () => 'refused';
    expect(await story.wake(before(4 * DAY))).toEqual([]);
    expect(await story.notTold(before(4 * DAY))).toMatchObject([
      { milestone: 'notice', because: 'not connected' },
    ]);
    story.channels.weather = () => 'arrives';
    expect(await story.wake(before(3 * DAY))).toEqual(['#community: Moved: Read-only soon']);
    expect(await story.notTold(before(3 * DAY))).toEqual([]);
  });
});

describe('an event that is cancelled', () => {
  it('is told once to everybody, and nothing else of it any more', async () => {
    using file = new LedgerFile();
    const story = new Story(file);
    await story.wakeEvery(DAY, before(21 * DAY), before(5 * DAY));
    const told = [
      '#operations: Cancelled: datacenter switchover from south to north',
      '#community: Cancelled: datacenter switchover from south to north',
    ];
    expect(await story.restarted(cancelled).wake(before(4 * DAY))).toEqual(told);
    expect(story.channels.lines.at(-1)?.text).toContain('Reason: no power.');
    expect(
      await story.restarted(cancelled).wakeEvery(HOUR, before(3 * DAY), instant(EVENT + 9 * DAY)),
    ).toEqual([]);
  });

  it('and takes place after all is told of again, and again when it is cancelled once more', async () => {
    using file = new LedgerFile();
    const story = new Story(file, MILESTONES, [COMMUNITY]);
    await story.wake(before(7 * DAY));
    await story.restarted(cancelled).wake(before(6 * DAY));
    expect(await story.restarted().wake(before(5 * DAY))).toEqual([
      '#community: Takes place after all: Read-only soon',
    ]);
    expect(await story.wake(before(4 * DAY))).toEqual([]);
    expect(await story.restarted(cancelled).wake(before(3 * DAY))).toEqual([
      '#community: Cancelled: datacenter switchover from south to north',
    ]);
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

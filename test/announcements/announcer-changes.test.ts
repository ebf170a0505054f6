import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, instant } from '../../src/domain/instant.js';
import { at } from '../calendar/support.js';
import {
  before,
  cancelled,
  COMMUNITY,
  EVENT,
  extended,
  MILESTONES,
  movedBy,
  OPERATIONS,
  retimed,
  Story,
} from './story.js';
import { LedgerFile } from './support.js';

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

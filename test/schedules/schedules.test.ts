import { describe, expect, it } from '@jest/globals';
import { announcer } from '../../src/announcements/announcer.js';
import type { Told } from '../../src/announcements/tell-announcement.js';
import { openClockClockwork } from '../../src/clockwork/clock-clockwork.js';
import { refuseSchedules } from '../../src/clockwork/refuse-schedules.js';
import { MINUTE } from '../../src/domain/instant.js';
import { schedules } from '../../schedules/index.js';
import { TIMELINE } from '../../schedules/timeline.js';
import { Channels } from '../announcements/channels.js';
import { LedgerFile } from '../announcements/support.js';
import { at, calendarWith } from '../calendar/support.js';
import { virtualClock } from '../support/virtual-clock.js';

describe('the schedules', () => {
  const withSchedules = (file: LedgerFile, told: Told[], channels: Channels) =>
    schedules({
      announcer: announcer({
        calendar: calendarWith(),
        definitions: TIMELINE,
        addressees: [
          { destination: { platform: 'terminal', channel: '#operations' }, audiences: ['engineers'] },
        ],
        reader: { zones: [], schedule: '`dates`' },
        ledger: file.open(),
        post: channels,
      }),
      told: (deliveries) => told.push(...deliveries),
    });

  it('are all right', () => {
    using file = new LedgerFile();
    expect(() => refuseSchedules(withSchedules(file, [], new Channels(false)))).not.toThrow();
  });

  it('tell in the minute in which it is due what the timeline says', async () => {
    using file = new LedgerFile();
    const [told, channels] = [[] as Told[], new Channels(false)];
    const clock = virtualClock(at('2026-03-25T12:58:30Z'), { jumps: false });
    const clockwork = openClockClockwork(withSchedules(file, told, channels), clock, (_, error) => {
      throw error;
    });
    await clock.advance(MINUTE);
    const sent = (): string[] =>
      told.filter(({ outcome }) => outcome === 'sent').map(({ key }) => key.split('/')[2]!);
    expect(sent()).not.toContain('phase-0');
    await clock.advance(MINUTE);
    await clockwork.close();
    expect(sent()).toContain('phase-0');
    expect(channels.titles.at(-1)).toBe(
      '#operations: Start phase 0 of the MediaWiki switchover from south to north',
    );
  });
});

import type { Addressee } from '../../src/announcements/addressee.js';
import { type Announcer, announcer } from '../../src/announcements/announcer.js';
import type { DeliveryLedger } from '../../src/announcements/delivery-ledger.js';
import type { MilestoneDefinition } from '../../src/calendar/milestone.js';
import type { Override } from '../../src/calendar/overrides.js';
import { type Instant, instant } from '../../src/domain/instant.js';
import { at, calendarWith } from '../calendar/support.js';
import { Channels } from './channels.js';
import type { LedgerFile } from './support.js';

export const OPERATIONS: Addressee = {
  destination: { platform: 'terminal', channel: '#operations' },
  audiences: ['engineers'],
};
export const COMMUNITY: Addressee = {
  destination: { platform: 'terminal', channel: '#community' },
  audiences: ['community'],
};

/** Read-only of 2026-northward starts at 2026-03-25T14:00:00Z. */
export const EVENT = at('2026-03-25T14:00:00Z');
export const before = (length: number): Instant => instant(EVENT - length);

/** Four milestones that show everything; TIMELINE itself is told in one test. */
export const MILESTONES: readonly MilestoneDefinition[] = [
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

/** An announcer through the life of its processes, and what it told in the channels. */
export class Story {
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

export const retimed: Override = {
  kind: 'retime',
  event: '2026-northward',
  at: '15:00',
  reason: 'daylight saving',
};
export const movedBy = (to: string): Override => ({
  kind: 'move',
  event: '2026-northward',
  to,
  reason: 'maintenance',
});
export const cancelled: Override = { kind: 'cancel', event: '2026-northward', reason: 'no power' };
export const extended: Override = {
  kind: 'extend',
  event: '2026-northward',
  by: { days: 3 },
  reason: 'maintenance goes on',
};

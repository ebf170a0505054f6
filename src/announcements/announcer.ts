/**
 * Tells people what the calendar says, in time and once: reminders at their milestones, corrections when something that
 * was told has changed. What is due follows from the calendar and the ledger alone, so nothing is lost or doubled by a
 * restart, however it happened.
 */
import type { SwitchoverCalendar } from '../calendar/switchover-calendar.js';
import type { MilestoneDefinition } from '../calendar/milestone.js';
import { type Instant, isoSeconds } from '../domain/instant.js';
import type { Addressee } from './addressee.js';
import { announcementKey, eventPrefix } from './announcement-key.js';
import type { DeliveryLedger } from './delivery-ledger.js';
import { type NotTold, notToldOf } from './not-told.js';
import { eventsToTell } from './scheduled-event.js';
import { type Told, type TellingParts, tellAnnouncement } from './tell-announcement.js';
import { heardOf } from './told-before.js';
import { type Due, whatIsDue } from './what-is-due.js';

export interface AnnouncerParts extends TellingParts {
  readonly calendar: SwitchoverCalendar;
  readonly definitions: readonly MilestoneDefinition[];
  readonly addressees: readonly Addressee[];
}

export interface Announcer {
  /**
   * Tells what is due at `now`, one after the other; a call that comes meanwhile waits for its turn. What cannot be sent
   * does not keep the rest back, and is due again the next time. Throws LedgerUnavailable, and the signal's reason.
   */
  tellDue(now: Instant, signal: AbortSignal): Promise<readonly Told[]>;
  /** Reads: who has not been told what, or may not have been, of the events around `now`. Throws LedgerUnavailable. */
  notTold(now: Instant): Promise<readonly NotTold[]>;
}

export function announcer(parts: AnnouncerParts): Announcer {
  const { ledger, addressees } = parts;
  const events = eventsToTell(parts.calendar, parts.definitions);
  let turn: Promise<unknown> = Promise.resolve();

  const tellAll = async (now: Instant, signal: AbortSignal): Promise<readonly Told[]> => {
    const told: Told[] = [];
    const began = await ledger.began(now);
    for (const { event, scheduled } of events(now)) {
      const deliveries = await ledger.deliveries(eventPrefix(event.key));
      const missed = new Set(deliveries.filter(({ state }) => state === 'not-sent').map(({ key }) => key));
      for (const due of whatIsDue(scheduled, addressees, heardOf(deliveries), now)) {
        signal.throwIfAborted();
        const key = announcementKey(due.key);
        if (due.what === 'tell') told.push(...(await tellAnnouncement(parts, event, due, key, now)));
        else if (!missed.has(key) && due.milestone.until > began)
          told.push(await tooLate(ledger, due, key, now));
      }
    }
    return told;
  };

  return {
    tellDue(now, signal) {
      const mine = turn.then(() => tellAll(now, signal));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async notTold(now) {
      const found: NotTold[] = [];
      for (const { event, scheduled } of events(now))
        found.push(...notToldOf(scheduled, await ledger.deliveries(eventPrefix(event.key))));
      return found;
    },
  };
}

async function tooLate(ledger: DeliveryLedger, due: Due, key: string, now: Instant): Promise<Told> {
  const because = `nobody told it before ${isoSeconds(due.milestone.until)}`;
  await ledger.notSent(key, because, now);
  return { key, outcome: 'too-late', because };
}

import type { Reader } from '../calendar/event-facts.js';
import type { SwitchoverEvent } from '../calendar/switchover-event.js';
import { assertNever } from '../domain/assert-never.js';
import { explainError } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { type Repetition, announcementMessage } from './announcement-message.js';
import { announcementText } from './announcement-text.js';
import type { DeliveryLedger } from './delivery-ledger.js';
import type { Post, Sent } from './post.js';
import type { Due } from './what-is-due.js';

export interface TellingParts {
  readonly reader: Reader;
  readonly ledger: DeliveryLedger;
  readonly post: Post;
}

/** How one delivery fared. `unknown` stays so, in the ledger too, until the channel or another sending decides it. */
export interface Told {
  readonly key: string;
  readonly outcome: 'sent' | 'not-sent' | 'unknown' | 'too-late';
  /** Why it was not sent, or what is not known. */
  readonly because?: string;
}

/** A channel that cannot be read back and never answers is not filled with the same announcement for days. */
const MOST_SENDINGS = 3;

/** Nothing when it was told after all, or may have been too often already. */
export async function tellAnnouncement(
  { ledger, post, reader }: TellingParts,
  event: SwitchoverEvent,
  due: Due,
  key: string,
  now: Instant,
): Promise<readonly Told[]> {
  const to = due.addressee.destination;
  // Made before it is claimed: a text that cannot be made is certainly not sent.
  const text = announcementText(event, due.milestone, reader);
  const deliver = async (repetition: Repetition): Promise<readonly Told[]> => {
    const outcome = await unforeseen(
      () => post.send(to, announcementMessage(text, due.telling, repetition), key),
      (because): Sent => ({ sent: 'unknown', because }),
    );
    if (outcome.sent === 'yes') await ledger.confirm(key, outcome.proof);
    if (outcome.sent === 'no') await ledger.notSent(key, outcome.because, now);
    return [toldOf(key, outcome)];
  };

  const claim = await ledger.claim(key, now);
  if (claim.state === 'already-done') return [];
  if (claim.state === 'claimed') return deliver('first');
  const looked = await unforeseen(
    () => post.findSent(to, key, claim.since),
    (because) => ({ seen: 'not-now', because }) as const,
  );
  switch (looked.seen) {
    case 'yes':
      await ledger.confirm(key, looked.proof);
      return [];
    case 'not-now':
      return [{ key, outcome: 'unknown', because: looked.because }];
    case 'no':
      await ledger.again(key);
      return deliver('first');
    case 'cannot-look':
      if (claim.attempt >= MOST_SENDINGS) return [];
      await ledger.again(key);
      return deliver('again');
    default:
      return assertNever(looked, 'look');
  }
}

function toldOf(key: string, outcome: Sent): Told {
  switch (outcome.sent) {
    case 'yes':
      return { key, outcome: 'sent' };
    case 'no':
      return { key, outcome: 'not-sent', because: outcome.because };
    case 'unknown':
      return { key, outcome: 'unknown', because: outcome.because };
    default:
      return assertNever(outcome, 'outcome');
  }
}

/** An error that nobody foresaw keeps nobody else from being told; it says nothing about whether something was sent. */
async function unforeseen<T, E>(ask: () => Promise<T>, otherwise: (because: string) => E): Promise<T | E> {
  try {
    return await ask();
  } catch (error) {
    return otherwise(explainError(error));
  }
}

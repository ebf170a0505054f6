import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, plus } from '../../domain/instant.js';
import { NotSent } from '../errors.js';
import type { Message } from '../message.js';
import { RateLimited } from './errors.js';

export interface EditsParts {
  readonly clock: Clock;
  readonly editEvery: Millis;
  readonly closed: AbortSignal;
  /** Whether this state must be seen at once. Pure. */
  readonly isUrgent: (message: Message) => boolean;
  /** Writes this state over the message; throws RateLimited when Slack takes none now. */
  readonly write: (ref: string, message: Message) => Promise<void>;
}

/** Edits of messages: of several states that wait for their turn only the newest is written. */
export interface Edits {
  /** Resolves once this state, or a newer one, is written. */
  revise(ref: string, message: Message): Promise<void>;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Wanted {
  readonly message: Message;
  readonly urgent: boolean;
  readonly waiters: readonly Waiter[];
}

interface Edited {
  wanted: Wanted | undefined;
  working: boolean;
  /** Progress is not written before. */
  calmFrom: Instant | undefined;
  /** Nothing is written before. */
  blockedUntil: Instant | undefined;
  hurry: AbortController;
}

export function openEdits({ clock, editEvery, closed, isUrgent, write }: EditsParts): Edits {
  const messages = new Map<string, Edited>();

  const work = async (ref: string, edited: Edited): Promise<void> => {
    while (edited.wanted !== undefined) {
      await turnOf(edited, clock, closed);
      const { wanted } = edited;
      edited.wanted = undefined;
      if (closed.aborted) {
        for (const { reject } of wanted.waiters) reject(new NotSent('Slack is being left'));
        continue;
      }
      try {
        await write(ref, wanted.message);
        for (const { resolve } of wanted.waiters) resolve();
      } catch (error) {
        if (error instanceof RateLimited) {
          edited.blockedUntil = error.until;
          putBack(edited, wanted);
          continue;
        }
        for (const { reject } of wanted.waiters) reject(error);
      }
      edited.calmFrom = plus(clock.now(), editEvery);
    }
    edited.working = false;
    // What was written last still tells when the next may come; what is older than that can be forgotten.
    for (const [old, { working, calmFrom }] of messages)
      if (!working && (calmFrom ?? 0) < clock.now()) messages.delete(old);
  };

  return {
    revise(ref, message) {
      const edited = messages.get(ref) ?? {
        wanted: undefined,
        working: false,
        calmFrom: undefined,
        blockedUntil: undefined,
        hurry: new AbortController(),
      };
      messages.set(ref, edited);
      return new Promise((resolve, reject) => {
        const before = edited.wanted;
        const urgent = isUrgent(message) || before?.urgent === true;
        edited.wanted = { message, urgent, waiters: [...(before?.waiters ?? []), { resolve, reject }] };
        if (urgent) edited.hurry.abort();
        if (edited.working) return;
        edited.working = true;
        void work(ref, edited);
      });
    },
  };
}

/** Waits until the state that is wanted may be written; something urgent that comes meanwhile cuts it short. */
async function turnOf(edited: Edited, clock: Clock, closed: AbortSignal): Promise<void> {
  const blocked = edited.blockedUntil;
  if (blocked !== undefined && blocked > clock.now())
    await clock.sleepUntil(blocked, closed).catch(() => undefined);
  edited.blockedUntil = undefined;
  edited.hurry = new AbortController();
  const calm = edited.calmFrom;
  if (edited.wanted?.urgent === true || calm === undefined || calm <= clock.now()) return;
  await clock.sleepUntil(calm, AbortSignal.any([closed, edited.hurry.signal])).catch(() => undefined);
}

function putBack(edited: Edited, failed: Wanted): void {
  const newer = edited.wanted;
  edited.wanted =
    newer === undefined
      ? failed
      : {
          message: newer.message,
          urgent: newer.urgent || failed.urgent,
          waiters: [...failed.waiters, ...newer.waiters],
        };
}

/**
 * What was said to us, from Slack's envelope to the line that is answered. It is kept before it is acknowledged, so a
 * crash loses nothing; whatever is delivered twice is taken up once; and what a process left behind is taken up by the
 * next one, unless it is too old to be meant any more.
 */
import type { ReceiverEvent } from '@slack/bolt';
import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { clockTime, instant, type Millis } from '../../domain/instant.js';
import { type Message, message, paragraph } from '../message.js';
import type { IncomingMessage } from '../platform.js';
import { hear } from './hear.js';
import type { Heard } from './heard.js';
import type { Inbox, Leftover } from './inbox.js';
import { LineQueue } from './line-queue.js';
import { openPace, type PaceRule } from './pace.js';
import type { Voucher } from './vouch.js';

export interface IncomingParts {
  readonly inbox: Inbox;
  readonly voucher: Voucher;
  readonly clock: Clock;
  readonly prefix: string;
  readonly slashCommand: string;
  readonly staleAfter: Millis;
  /** The bot's user, once Slack has told it. */
  bot(): string | undefined;
  /** What a channel is called in destinations. */
  nameOf(channel: string): string;
  answer(heard: Heard, answer: Message): Promise<void>;
  /** Tells one person alone. */
  whisper(channel: string, user: string, text: string): Promise<void>;
  wasAnswered(heard: Heard): Promise<boolean>;
  readonly trouble: (text: string) => void;
}

export interface Incoming {
  take(event: ReceiverEvent): Promise<void>;
  /** What an earlier process acknowledged and did not handle. Never rejects. */
  takeUpLeftovers(): Promise<void>;
  lines(signal: AbortSignal): AsyncIterable<IncomingMessage>;
}

/** A line that was taken up so often and never came to its end may be what ends the process. */
const MOST_TRIES = 3;

/** How often one person is told that something leads nowhere: a button can be clicked all day. */
const WHISPERS: PaceRule = { burst: 3, reserve: 0, perSecond: 1 / 20 };

export function openIncoming(parts: IncomingParts, closed: AbortSignal): Incoming {
  const { inbox, clock, trouble } = parts;
  const queue = new LineQueue(closed);
  const whispers = openPace(WHISPERS, clock, closed);

  const takeUp = async (heard: Heard): Promise<void> => {
    const { sender, calledThere, isProgram } = await parts.voucher.about(
      heard.team,
      heard.user,
      heard.how === 'click' ? 'fresh' : 'known',
    );
    if (isProgram) {
      inbox.handled(heard.id);
      return;
    }
    queue.put({
      id: heard.id,
      from: { platform: 'slack', channel: parts.nameOf(heard.channel) },
      sender,
      calledThere,
      text: heard.text,
      at: instant(heard.at),
    });
  };

  const takeUpIfMeant = async ({ heard, tries }: Leftover): Promise<void> => {
    const at = instant(heard.at);
    const isStale = clock.now() - at > parts.staleAfter;
    if (tries > 0 && (await parts.wasAnswered(heard))) inbox.handled(heard.id);
    else if (isStale || tries >= MOST_TRIES) {
      const why = isStale
        ? `I was away when this was said at ${clockTime(at)} UTC, and nothing was done about it.`
        : `I took this up ${tries} times and never came to an end with it. Look before you say it again.`;
      await parts.answer(heard, message('warning', paragraph(why, isStale ? ' Please say it again.' : '')));
      inbox.handled(heard.id);
    } else await takeUp(heard);
  };

  const takeUpQuietly = async (leftover: Leftover): Promise<void> => {
    try {
      await takeUpIfMeant(leftover);
    } catch (error) {
      trouble(`something said in Slack could not be taken up: ${explainError(error)}`);
    }
  };

  const take = async ({ body, ack, customProperties }: ReceiverEvent): Promise<void> => {
    const now = clock.now();
    const hearing = hear(body, stringOf(customProperties?.['envelope']), {
      prefix: parts.prefix,
      slashCommand: parts.slashCommand,
      bot: parts.bot() ?? '',
      now,
      commandOf: (choice) => inbox.commandOf(choice),
    });
    const isNew = hearing.kind === 'heard' && inbox.put(hearing.heard, now);
    // A slash command is shown to the channel: everybody sees who asked for what is answered.
    const answer = hearing.kind === 'heard' && hearing.heard.how === 'slash' ? IN_CHANNEL : undefined;
    // Where the socket is gone by now Slack delivers again, and it is known already.
    await ack(answer).catch(() => undefined);
    if (isNew) void takeUpQuietly({ heard: hearing.heard, tries: 0 });
    if (hearing.kind === 'dead-end' && whispers.free(hearing.user))
      await parts.whisper(hearing.channel, hearing.user, hearing.because);
  };

  return {
    async take(event) {
      try {
        await take(event);
      } catch (error) {
        // Not acknowledged: Slack brings it again.
        trouble(`something from Slack could not be taken: ${explainError(error)}`);
      }
    },
    async takeUpLeftovers() {
      for (const leftover of inbox.leftovers()) await takeUpQuietly(leftover);
    },
    async *lines(signal) {
      for await (const line of queue.lines(signal)) {
        inbox.taken(line.id);
        yield line;
      }
    },
  };
}

const IN_CHANNEL = { response_type: 'in_channel' } as const;

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

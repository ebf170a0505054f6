import { z } from 'zod';
import { instant } from '../../domain/instant.js';
import type { ChatPlatform, Destination, IncomingMessage } from '../platform.js';
import { type Calls, openCalls } from './calls.js';
import { stayConnected } from './connection.js';
import { openDoor } from './door.js';
import { findDelivery } from './find-sent.js';
import { openInbox } from './inbox.js';
import { openIncoming } from './incoming.js';
import { onceInAWhile } from './once-in-a-while.js';
import { type SlackOptions, slackTimes } from './options.js';
import { replyKey } from './reply-key.js';
import { openSpeech } from './speech.js';
import { openVoucher } from './vouch.js';

/** Slack as a chat. */
export interface SlackChat extends ChatPlatform {
  /** Whether Slack can reach us now. */
  connected(): boolean;
  directTo(identity: NonNullable<IncomingMessage['sender']>): Promise<Destination | undefined>;
  handled(incoming: Pick<IncomingMessage, 'id'>): void;
}

const authSchema = z.object({ team_id: z.string(), user_id: z.string() });
const openedSchema = z.object({ channel: z.object({ id: z.string() }) });

/** What one message of ours holds; what is longer becomes several. */
const MOST_BYTES = 9_000;

/** The workspace that the token belongs to, and the bot's user in it. */
interface Own {
  readonly team: string;
  readonly bot: string;
}

/**
 * Opens the chat. It resolves at once: connecting goes on behind it for ever, and what stands in its way is told to
 * `trouble`. Closing it takes what is being sent down with it.
 */
export async function openSlackChat(options: SlackOptions): Promise<SlackChat> {
  const { clock, trouble } = options;
  const times = { ...slackTimes, ...options.times };
  const closing = new AbortController();
  const closed = closing.signal;
  const door = openDoor(options.apiUrl, options.proxy, times);
  const inbox = openInbox(options.database, clock.now());
  const sometimes = onceInAWhile(trouble, clock);
  const calls = openCalls({
    door,
    token: () => options.botToken.reveal(),
    clock,
    times,
    closed,
    refused: ({ message }) => sometimes(message),
  });
  const speech = openSpeech({ options, times, calls, door, inbox, closed });
  let own: Own | undefined;
  let sockets = 0;
  const { userKnownFor } = times;
  const voucher = openVoucher({
    calls,
    clock,
    userKnownFor,
    ownTeam: () => own?.team,
    trouble: sometimes,
    closed,
  });
  const names = new Map(options.channels.map(({ name, id }) => [id, name]));

  const incoming = openIncoming(
    {
      inbox,
      voucher,
      clock,
      prefix: options.prefix,
      slashCommand: options.slashCommand,
      staleAfter: times.staleAfter,
      bot: () => own?.bot,
      nameOf: (channel) => names.get(channel) ?? channel,
      async answer({ id, channel }, message) {
        await speech.send({ platform: 'slack', channel }, message, replyKey(id));
      },
      async whisper(channel, user, text) {
        await calls.call('urgent', 'chat.postEphemeral', { channel, user, text, parse: 'none' });
      },
      async wasAnswered({ id, channel, thread, at }) {
        return (await findDelivery(calls, { channel, thread }, replyKey(id), instant(at))) !== undefined;
      },
      trouble,
    },
    closed,
  );

  const connecting = stayConnected({
    door,
    appToken: () => options.appToken.reveal(),
    clock,
    times,
    closed,
    async prepare() {
      if (own !== undefined) return;
      own = await askWhoWeAre(calls);
      void incoming.takeUpLeftovers();
    },
    take: (event) => incoming.take(event),
    connected: (change) => void (sockets += change),
    trouble,
  });

  return {
    name: 'slack',
    limits: { maxBytes: MOST_BYTES, threads: true, edits: true, readback: true },
    connected: () => sockets > 0,
    incoming: (signal) => incoming.lines(signal),
    ...speech,
    async directTo(identity) {
      if (identity.kind !== 'slack' || identity.team !== own?.team) return undefined;
      const opened = await calls.call('urgent', 'conversations.open', { users: identity.user });
      return { platform: 'slack', channel: openedSchema.parse(opened).channel.id };
    },
    handled: ({ id }) => inbox.handled(id),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('the chat is closed'));
      door.shut();
      await connecting;
    },
  };
}

async function askWhoWeAre(calls: Calls): Promise<Own> {
  const { team_id: team, user_id: bot } = authSchema.parse(await calls.once('urgent', 'auth.test', {}));
  return { team, bot };
}

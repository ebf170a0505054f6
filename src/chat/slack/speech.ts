/** What is said in Slack: where it goes, what is known of it afterwards, and how it is changed. */
import type { Clock } from '../../domain/clock.js';
import type { Instant } from '../../domain/instant.js';
import { NotSent } from '../errors.js';
import type { Message } from '../message.js';
import type { Below, DeliveryKey, Destination, MessageRef } from '../platform.js';
import type { Calls } from './calls.js';
import type { Door } from './door.js';
import { openEdits } from './edits.js';
import { SlackRefused } from './errors.js';
import { findDelivery } from './find-sent.js';
import type { Heard } from './heard.js';
import type { Inbox } from './inbox.js';
import { messageIdText, parseMessageId } from './message-id.js';
import type { SlackOptions, SlackTimes } from './options.js';
import { editingPace, openPace, postingPace } from './pace.js';
import { openPoster } from './poster.js';
import { render, renderInOne, type RenderParts } from './render.js';
import { answeredId } from './reply-key.js';

export interface SpeechParts {
  readonly options: SlackOptions;
  readonly times: SlackTimes;
  readonly calls: Calls;
  readonly door: Door;
  readonly inbox: Inbox;
  readonly closed: AbortSignal;
}

export interface Speech {
  send(to: Destination, message: Message, key: DeliveryKey, below?: Below): Promise<MessageRef>;
  findSent(to: Destination, key: DeliveryKey, since: Instant): Promise<MessageRef | undefined>;
  revise(ref: MessageRef, message: Message): Promise<MessageRef>;
}

/** Where the bot may not post, though its slash command may be used there. */
const NOT_A_MEMBER: readonly string[] = ['not_in_channel', 'channel_not_found', 'restricted_action'];

export function openSpeech(parts: SpeechParts): Speech {
  const { options, calls, inbox, closed } = parts;
  const { clock } = options;
  const ids = new Map(options.channels.map(({ name, id }) => [name, id]));
  const channelOf = (to: Destination): string => ids.get(to.channel) ?? to.channel;
  const renderingIn = (channel: string): RenderParts => renderParts(options, inbox, channel, clock);
  const poster = openPoster({
    calls,
    pace: openPace(options.postingPace ?? postingPace, clock, closed),
    render: (message, channel) => render(message, renderingIn(channel)),
    ...{ clock, closed },
  });
  const edits = openSlackEdits(parts, renderingIn);
  const heardFor = (key: DeliveryKey): Heard | undefined => {
    const id = answeredId(key);
    return id === undefined ? undefined : inbox.find(id);
  };

  return {
    async send(to, message, key, below) {
      refuseWhenClosed(closed);
      const heard = heardFor(key);
      const thread = threadFor(heard, below);
      // A question that is asked in a thread is everybody's in the channel.
      const broadcast = below?.broadcast ?? isQuestion(message);
      if (below !== undefined && thread !== undefined) inbox.sendsBelow(key, thread, clock.now());
      try {
        const ts = await poster.post({ channel: channelOf(to), thread, broadcast, message, key });
        if (heard !== undefined) inbox.handled(heard.id);
        return { to, id: messageIdText({ ts, thread }) };
      } catch (error) {
        const mayRespond = error instanceof SlackRefused && NOT_A_MEMBER.includes(error.code);
        if (!mayRespond || heard === undefined) throw error;
        if (!(await respond(parts, heard, message, renderingIn(heard.channel)))) throw error;
        inbox.handled(heard.id);
        return { to, id: heard.id };
      }
    },
    async findSent(to, key, since) {
      const thread = heardFor(key)?.thread ?? inbox.threadOf(key);
      const from = options.onThisClock?.(since) ?? since;
      const ts = await findDelivery(calls, { channel: channelOf(to), thread }, key, from);
      return ts === undefined ? undefined : { to, id: messageIdText({ ts, thread }) };
    },
    async revise(ref, message) {
      refuseWhenClosed(closed);
      await edits(channelOf(ref.to), parseMessageId(ref.id).ts, message);
      return ref;
    },
  };
}

function renderParts(options: SlackOptions, inbox: Inbox, channel: string, clock: Clock): RenderParts {
  return {
    prefix: options.prefix,
    slackUserOf: options.slackUserOf,
    choiceOf: (command) => inbox.choice(channel, command, clock.now()),
  };
}

type Edit = (channel: string, ts: string, message: Message) => Promise<void>;

/** Progress is edited within Slack's limit for all edits; what settles a message goes at once. */
function openSlackEdits(
  { options, times, calls, closed }: SpeechParts,
  renderingIn: (channel: string) => RenderParts,
): Edit {
  const { clock } = options;
  const pace = openPace(options.editingPace ?? editingPace, clock, closed);
  const edits = openEdits({
    clock,
    editEvery: times.editEvery,
    closed,
    isUrgent,
    async write(place, message) {
      const [channel = '', ts = ''] = place.split(' ');
      if (isUrgent(message)) pace.urgent(EVERYWHERE);
      else await pace.turn(EVERYWHERE);
      const { text, blocks } = renderInOne(message, renderingIn(channel));
      const lane = isUrgent(message) ? 'urgent' : 'calm';
      await calls.once(lane, 'chat.update', { channel, ts, text, blocks, parse: 'none', link_names: false });
    },
  });
  return (channel, ts, message) => edits.revise(`${channel} ${ts}`, message);
}

/** The limit of edits is one for the whole workspace. */
const EVERYWHERE = 'everywhere';

function isUrgent({ blocks }: Message): boolean {
  return !blocks.some(({ kind }) => kind === 'progress');
}

function isQuestion({ blocks }: Message): boolean {
  return blocks.some(({ kind }) => kind === 'choices');
}

/** The first message of the thread: Slack takes no other one as the parent. */
function threadFor(heard: Heard | undefined, below: Below | undefined): string | undefined {
  if (below === undefined) return heard?.thread;
  const { ts, thread } = parseMessageId(below.message.id);
  return thread ?? ts;
}

/** Answers a slash command where the bot may not post: to the caller alone. Whether that worked. */
async function respond(
  { door, options }: SpeechParts,
  { responseUrl }: Heard,
  message: Message,
  rendering: RenderParts,
): Promise<boolean> {
  if (responseUrl === undefined || !isSlacks(responseUrl, options.apiUrl)) return false;
  const { text, blocks } = renderInOne(message, rendering);
  return door.post(responseUrl, { response_type: 'ephemeral', text, blocks }).catch(() => false);
}

/** Answers go to Slack's own addresses alone, or to where its Web API is said to be. */
function isSlacks(address: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const { origin } = new URL(address);
  return origin === 'https://hooks.slack.com' || (apiUrl !== undefined && origin === new URL(apiUrl).origin);
}

function refuseWhenClosed(closed: AbortSignal): void {
  if (closed.aborted) throw new NotSent('Slack is being left');
}

/**
 * What Slack delivers, read: lines that are for us, and nothing else. Bots (this one too), edits, deletions, joins and
 * the rest of Slack's subtypes are not lines of a person. Pure.
 */
import { z } from 'zod';
import { instant } from '../../domain/instant.js';
import { addressed } from '../addressed.js';
import type { Heard } from './heard.js';
import { afterMention, typedText } from './typed-text.js';

export interface Ears {
  readonly prefix: string;
  readonly slashCommand: string;
  /** The bot's own user. */
  readonly bot: string;
  readonly now: number;
  /** The command that a button stands for; undefined for one that was never made here. */
  commandOf(choice: string): string | undefined;
}

/** What is to be done about a delivery. */
export type Hearing =
  | { readonly kind: 'heard'; readonly heard: Heard }
  | { readonly kind: 'not-for-us' }
  /** Somebody's doing that leads nowhere: they are told. */
  | { readonly kind: 'dead-end'; readonly channel: string; readonly user: string; readonly because: string };

const NOT_FOR_US: Hearing = { kind: 'not-for-us' };

/** A `thread_broadcast` is an ordinary answer in a thread that the channel is shown as well. */
const PLAIN_SUBTYPES: readonly string[] = ['thread_broadcast'];

const eventSchema = z.object({
  type: z.literal('event_callback'),
  event_id: z.string(),
  event: z.object({
    type: z.enum(['message', 'app_mention']),
    subtype: z.string().optional(),
    bot_id: z.string().nullish(),
    app_id: z.string().nullish(),
    bot_profile: z.unknown().optional(),
    edited: z.unknown().optional(),
    hidden: z.boolean().optional(),
    user: z.string(),
    team: z.string().optional(),
    user_team: z.string().optional(),
    source_team: z.string().optional(),
    text: z.string(),
    ts: z.string().regex(/^\d+\.\d+$/),
    thread_ts: z.string().optional(),
    channel: z.string(),
    channel_type: z.string().optional(),
  }),
  team_id: z.string(),
});

const slashSchema = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});

const clickSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  container: z.object({
    channel_id: z.string(),
    message_ts: z.string(),
    thread_ts: z.string().optional(),
  }),
  trigger_id: z.string(),
  actions: z.array(z.object({ type: z.string(), value: z.string().optional() })).min(1),
});

export function hear(body: unknown, envelope: string | undefined, ears: Ears): Hearing {
  const event = eventSchema.safeParse(body);
  if (event.success) return hearMessage(event.data, ears);
  const click = clickSchema.safeParse(body);
  if (click.success) return hearClick(click.data, ears);
  const slash = slashSchema.safeParse(body);
  if (slash.success) return hearSlash(slash.data, envelope, ears);
  return NOT_FOR_US;
}

function hearMessage(
  { event, event_id: delivery, team_id: team }: z.infer<typeof eventSchema>,
  ears: Ears,
): Hearing {
  const { subtype, user, channel, ts } = event;
  const isPlain = subtype === undefined || PLAIN_SUBTYPES.includes(subtype);
  const isByProgram = [event.bot_id, event.app_id, event.bot_profile].some(
    (mark) => mark !== undefined && mark !== null,
  );
  if (!isPlain || isByProgram || event.edited !== undefined || event.hidden === true) return NOT_FOR_US;
  if (user === ears.bot || user === 'USLACKBOT') return NOT_FOR_US;
  const isDirect = event.channel_type === 'im';
  const text = lineOf(event.text, isDirect, ears);
  if (text === undefined) return NOT_FOR_US;
  const heard: Heard = {
    id: `${channel}/${ts}`,
    delivery,
    how: 'message',
    channel,
    // A conversation of two needs no thread for each answer.
    thread: event.thread_ts ?? (isDirect ? undefined : ts),
    user,
    team: event.user_team ?? event.source_team ?? event.team ?? team,
    text,
    at: instant(Number(ts) * 1_000),
  };
  return { kind: 'heard', heard };
}

/** The line as it would be typed in a channel: what follows a mention, or is said directly, needs no prefix. */
function lineOf(slackText: string, isDirect: boolean, { bot, prefix }: Ears): string | undefined {
  const afterName = afterMention(slackText, bot);
  const typed = typedText(afterName ?? slackText).trim();
  if (addressed(typed, prefix) !== undefined) return typed;
  return afterName !== undefined || isDirect ? `${prefix} ${typed}` : undefined;
}

function hearSlash(slash: z.infer<typeof slashSchema>, envelope: string | undefined, ears: Ears): Hearing {
  const { channel_id: channel, user_id: user, trigger_id: trigger } = slash;
  if (slash.command !== ears.slashCommand)
    return { kind: 'dead-end', channel, user, because: `I only know ${ears.slashCommand}.` };
  const heard: Heard = {
    id: `slash/${trigger}`,
    delivery: trigger || (envelope ?? ''),
    how: 'slash',
    channel,
    user,
    team: slash.team_id,
    text: `${ears.prefix} ${typedText(slash.text).trim()}`.trim(),
    at: ears.now,
    responseUrl: slash.response_url,
  };
  return { kind: 'heard', heard };
}

function hearClick(click: z.infer<typeof clickSchema>, ears: Ears): Hearing {
  const { container, user, trigger_id: trigger } = click;
  const command = ears.commandOf(click.actions[0]?.value ?? '');
  const channel = container.channel_id;
  if (command === undefined)
    return {
      kind: 'dead-end',
      channel,
      user: user.id,
      because: 'That button is not known any more. Nothing was done.',
    };
  const heard: Heard = {
    id: `click/${trigger}`,
    delivery: trigger,
    how: 'click',
    channel,
    thread: container.thread_ts ?? container.message_ts,
    user: user.id,
    team: user.team_id ?? click.team?.id ?? '',
    text: `${ears.prefix} ${command}`,
    at: ears.now,
  };
  return { kind: 'heard', heard };
}

import type { Delivered, SocketMode } from './socket-mode.js';
import type { SlackMessage, SlackUser, Workspace } from './workspace.js';

export interface SaysOptions {
  /** The first message of the thread that it is said in. */
  readonly thread?: string;
  /** Fields of the event that are not those of a plain message. */
  readonly as?: Readonly<Record<string, unknown>>;
  /** Says that the event is this one: the same delivery once more. */
  readonly eventId?: string;
}

export interface Said extends Delivered {
  readonly ts: string;
  readonly eventId: string;
}

/** Somebody in Slack's own client: what they do reaches the app as Slack would send it. */
export class SlackPerson {
  constructor(
    private readonly world: Workspace,
    private readonly socket: SocketMode,
    private readonly origin: string,
    readonly user: SlackUser,
  ) {}

  /** Says something in a channel, in markup as a client sends it: `&lt;`, `<@U0BOT>`. */
  says(channel: string, text: string, options: SaysOptions = {}): Said {
    const message = this.#added(channel, text, options);
    return this.#event(channel, { type: 'message', ...message }, options);
  }

  /** Mentions the bot, who hears of it twice where it also hears of every message. */
  mentions(channel: string, text: string, options: SaysOptions = {}): readonly [Said, Said] {
    const message = this.#added(channel, `<@${this.world.bot.id}> ${text}`, options);
    const { channel_type: _, ...mention } = message;
    return [
      this.#event(channel, { type: 'app_mention', ...mention }, options),
      this.#event(channel, { type: 'message', ...message }, {}),
    ];
  }

  /** Edits what was said before. */
  edits(channel: string, ts: string, text: string): Said {
    const message = { type: 'message', user: this.user.id, text, ts, edited: { user: this.user.id, ts } };
    return this.#event(
      channel,
      {
        type: 'message',
        subtype: 'message_changed',
        channel,
        ts: this.world.nextTs(),
        message,
        hidden: true,
      },
      {},
    );
  }

  /** A slash command; Slack sends these nowhere but where they were typed. */
  commands(channel: string, command: string, text: string, trigger = this.world.nextId('Tr')): Delivered {
    return this.socket.deliver({
      type: 'slash_commands',
      payload: {
        token: 'verification',
        team_id: this.user.team,
        team_domain: 'farm',
        channel_id: channel,
        channel_name: this.world.channel(channel)?.name,
        user_id: this.user.id,
        user_name: this.user.name,
        command,
        text,
        api_app_id: 'A0APP',
        is_enterprise_install: 'false',
        response_url: `${this.origin}/commands/${this.user.id}`,
        trigger_id: trigger,
      },
    });
  }

  /** Clicks the button with this label; throws where the message has none. */
  clicks(channel: string, ts: string, label: string, trigger = this.world.nextId('Tr')): Delivered {
    const message = this.world.message(channel, ts);
    const button = message && buttonsOf(message).find((one) => one.text.text === label);
    if (message === undefined || button === undefined) throw new Error(`no button ${label} at ${ts}`);
    return this.clicksRaw(channel, message, button, trigger);
  }

  /** Clicks a button whether or not it is there: what an old window still shows, or what is made up. */
  clicksRaw(
    channel: string,
    message: SlackMessage,
    button: { readonly action_id: string; readonly value: string },
    trigger = this.world.nextId('Tr'),
  ): Delivered {
    const { user } = this;
    return this.socket.deliver({
      type: 'interactive',
      payload: {
        type: 'block_actions',
        user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
        api_app_id: 'A0APP',
        token: 'verification',
        container: {
          type: 'message',
          message_ts: message.ts,
          channel_id: channel,
          is_ephemeral: false,
          ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
        },
        trigger_id: trigger,
        team: { id: this.world.team, domain: 'farm' },
        channel: { id: channel, name: this.world.channel(channel)?.name },
        message: { type: 'message', ts: message.ts, text: message.text, blocks: message.blocks },
        response_url: `${this.origin}/actions/${user.id}`,
        actions: [{ type: 'button', block_id: 'b', action_ts: this.world.nextTs(), ...button }],
      },
    });
  }

  #added(channel: string, text: string, { thread }: SaysOptions): Readonly<Record<string, unknown>> {
    const { ts } = this.world.add(channel, {
      user: this.user.id,
      byBot: false,
      threadTs: thread,
      broadcast: false,
      text,
      blocks: [],
      metadata: undefined,
    });
    const kind = this.world.channel(channel)?.kind;
    return {
      user: this.user.id,
      team: this.user.team,
      text,
      ts,
      event_ts: ts,
      channel,
      channel_type: kind === 'im' ? 'im' : kind === 'private' ? 'group' : 'channel',
      ...(thread === undefined ? {} : { thread_ts: thread }),
    };
  }

  #event(channel: string, event: Readonly<Record<string, unknown>>, options: SaysOptions): Said {
    const eventId = options.eventId ?? this.world.nextId('Ev');
    const full = { ...event, ...options.as };
    const delivered = this.socket.deliver({
      type: 'events_api',
      payload: {
        token: 'verification',
        team_id: this.world.team,
        context_team_id: this.world.team,
        api_app_id: 'A0APP',
        event: full,
        type: 'event_callback',
        event_id: eventId,
        event_time: Math.floor(Date.now() / 1_000),
        authorizations: [{ team_id: this.world.team, user_id: this.world.bot.id, is_bot: true }],
        is_ext_shared_channel: false,
        event_context: `4-${channel}`,
      },
    });
    return Object.assign(delivered, { ts: String(event['ts']), eventId });
  }
}

export interface Button {
  readonly text: { readonly text: string };
  readonly action_id: string;
  readonly value: string;
  readonly style?: string;
}

/** The buttons below a message. */
export function buttonsOf(message: SlackMessage): readonly Button[] {
  return message.blocks.flatMap((block) =>
    block['type'] === 'actions' ? (block['elements'] as Button[]) : [],
  );
}

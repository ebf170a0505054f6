/** What a Slack workspace holds, as far as the stand-in needs it. Ids have the form that Slack's have. */
export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly kind: 'member' | 'guest' | 'single-channel-guest' | 'bot' | 'stranger' | 'deactivated';
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  /** Whether the app's bot is in it. */
  hasBot: boolean;
}

export interface SlackMessage {
  readonly ts: string;
  readonly user: string;
  readonly byBot: boolean;
  readonly threadTs: string | undefined;
  readonly broadcast: boolean;
  text: string;
  blocks: readonly Readonly<Record<string, unknown>>[];
  readonly metadata: unknown;
  /** How often it was edited, and what it said before. */
  readonly before: string[];
}

export class Workspace {
  readonly team = 'T0FARM';
  readonly bot: SlackUser = { id: 'U0BOT', name: 'switchdc', team: 'T0FARM', kind: 'bot' };
  readonly botId = 'B0BOT';
  readonly #users = new Map<string, SlackUser>([[this.bot.id, this.bot]]);
  readonly #channels = new Map<string, SlackChannel>();
  readonly #messages = new Map<string, SlackMessage[]>();
  #last = 0;
  #count = 0;

  addUser(name: string, kind: SlackUser['kind'] = 'member', team = this.team): SlackUser {
    const user = { id: `U0${name.toUpperCase()}`, name, team, kind };
    this.#users.set(user.id, user);
    return user;
  }

  addChannel(name: string, kind: SlackChannel['kind'] = 'public', hasBot = true): SlackChannel {
    const id = `${kind === 'im' ? 'D' : kind === 'private' ? 'G' : 'C'}0${name.toUpperCase()}`;
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const channel = { id, name, kind, hasBot };
    this.#channels.set(id, channel);
    this.#messages.set(id, []);
    return channel;
  }

  /** The conversation of the bot with one user. */
  directWith(user: SlackUser): SlackChannel {
    return this.addChannel(`DM${user.name}`, 'im');
  }

  user(id: string): SlackUser | undefined {
    return this.#users.get(id);
  }

  channel(id: string): SlackChannel | undefined {
    return this.#channels.get(id);
  }

  messages(channel: string): readonly SlackMessage[] {
    return this.#messages.get(channel) ?? [];
  }

  message(channel: string, ts: string): SlackMessage | undefined {
    return this.messages(channel).find((one) => one.ts === ts);
  }

  add(channel: string, message: Omit<SlackMessage, 'ts' | 'before'>): SlackMessage {
    const added = { ...message, ts: this.nextTs(), before: [] };
    this.#messages.get(channel)?.push(added);
    return added;
  }

  /** Seconds and microseconds; never the same twice. */
  nextTs(): string {
    this.#last = Math.max(this.#last + 1, Date.now() * 1_000);
    return `${Math.floor(this.#last / 1_000_000)}.${String(this.#last % 1_000_000).padStart(6, '0')}`;
  }

  /** `Ev0000001`. */
  nextId(prefix: string): string {
    this.#count += 1;
    return `${prefix}${String(this.#count).padStart(7, '0')}`;
  }
}

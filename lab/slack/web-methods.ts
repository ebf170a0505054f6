import { checkBlocks, checkText } from './check-blocks.js';
import type { SlackChannel, SlackMessage, Workspace } from './workspace.js';

export type Arguments = Readonly<Record<string, string>>;
export type Answer = Readonly<Record<string, unknown>>;

/** What a method does once its token, its scope and its arguments' names are in order. */
export interface WebMethod {
  readonly token: 'bot' | 'app';
  /** One of these is enough; none are needed for an empty list. */
  scopes(world: Workspace, args: Arguments): readonly string[];
  readonly knows: readonly string[];
  run(world: Workspace, args: Arguments): Answer;
}

/** A refusal as Slack words it: `{ ok: false, error }` with status 200. */
export class SlackRefusal extends Error {
  constructor(
    readonly code: string,
    readonly because = '',
  ) {
    super(because === '' ? code : `${code}: ${because}`);
  }
}

const POST = ['channel', 'text', 'blocks', 'thread_ts', 'reply_broadcast', 'metadata', 'mrkdwn', 'parse'];
const LOOKS = ['link_names', 'unfurl_links', 'unfurl_media'];
const PAGES = ['channel', 'cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'];

const historyScopes = (world: Workspace, { channel = '' }: Arguments): readonly string[] => {
  const kind = world.channel(channel)?.kind ?? 'public';
  return [{ public: 'channels:history', private: 'groups:history', im: 'im:history' }[kind]];
};

/** The methods that the stand-in answers; every other one is refused as `unknown_method`. */
export const webMethods: Readonly<Record<string, WebMethod>> = {
  'auth.test': {
    token: 'bot',
    scopes: () => [],
    knows: [],
    run: (world) => ({
      url: 'https://farm.slack.com/',
      team: 'Farm',
      team_id: world.team,
      user: world.bot.name,
      user_id: world.bot.id,
      bot_id: world.botId,
      is_enterprise_install: false,
    }),
  },
  'users.info': {
    token: 'bot',
    scopes: () => ['users:read'],
    knows: ['user', 'include_locale'],
    run(world, { user = '' }) {
      const found = world.user(user);
      if (found === undefined) throw new SlackRefusal('user_not_found');
      return {
        user: {
          id: found.id,
          team_id: found.team,
          name: found.name,
          deleted: found.kind === 'deactivated',
          is_bot: found.kind === 'bot',
          is_restricted: found.kind === 'guest' || found.kind === 'single-channel-guest',
          is_ultra_restricted: found.kind === 'single-channel-guest',
          ...(found.kind === 'stranger' ? { is_stranger: true } : {}),
          profile: { display_name: found.name, real_name: found.name },
        },
      };
    },
  },
  'conversations.open': {
    token: 'bot',
    scopes: () => ['im:write'],
    knows: ['users', 'return_im', 'prevent_creation'],
    run(world, { users = '' }) {
      const user = world.user(users);
      if (user === undefined) throw new SlackRefusal('user_not_found');
      return { channel: { id: world.directWith(user).id } };
    },
  },
  'conversations.history': {
    token: 'bot',
    scopes: historyScopes,
    knows: PAGES,
    run(world, args) {
      const { id } = channelOf(world, args);
      const all = world.messages(id).filter(({ threadTs, broadcast }) => threadTs === undefined || broadcast);
      return page([...all].reverse(), args);
    },
  },
  'conversations.replies': {
    token: 'bot',
    scopes: historyScopes,
    knows: [...PAGES, 'ts'],
    run(world, args) {
      const { id } = channelOf(world, args);
      if (world.message(id, args['ts'] ?? '') === undefined) throw new SlackRefusal('thread_not_found');
      const all = world
        .messages(id)
        .filter(({ ts, threadTs }) => ts === args['ts'] || threadTs === args['ts']);
      return page(all, args);
    },
  },
  'chat.postMessage': {
    token: 'bot',
    scopes: () => ['chat:write'],
    knows: [...POST, ...LOOKS],
    run(world, args) {
      const channel = channelOf(world, args);
      const { text, blocks } = contentOf(args);
      const threadTs = args['thread_ts'];
      if (threadTs !== undefined && world.message(channel.id, threadTs)?.threadTs !== undefined)
        throw new SlackRefusal('invalid_thread_ts', 'the parent is itself in a thread');
      if (threadTs !== undefined && world.message(channel.id, threadTs) === undefined)
        throw new SlackRefusal('thread_not_found');
      const posted = world.add(channel.id, {
        user: world.bot.id,
        byBot: true,
        threadTs,
        broadcast: args['reply_broadcast'] === 'true',
        text,
        blocks,
        metadata: metadataOf(args['metadata']),
      });
      return { channel: channel.id, ts: posted.ts, message: shown(posted) };
    },
  },
  'chat.postEphemeral': {
    token: 'bot',
    scopes: () => ['chat:write'],
    knows: [...POST, ...LOOKS, 'user'],
    run(world, args) {
      channelOf(world, args);
      contentOf(args);
      if (world.user(args['user'] ?? '') === undefined) throw new SlackRefusal('user_not_in_channel');
      return { message_ts: world.nextTs() };
    },
  },
  'chat.update': {
    token: 'bot',
    scopes: () => ['chat:write'],
    knows: ['channel', 'ts', 'text', 'blocks', 'metadata', 'parse', 'link_names', 'reply_broadcast'],
    run(world, args) {
      const channel = channelOf(world, args);
      const message = world.message(channel.id, args['ts'] ?? '');
      if (message === undefined) throw new SlackRefusal('message_not_found');
      if (!message.byBot) throw new SlackRefusal('cant_update_message');
      const { text, blocks } = contentOf(args);
      message.before.push(message.text);
      message.text = text;
      message.blocks = blocks;
      return { channel: channel.id, ts: message.ts, text };
    },
  },
};

function channelOf(world: Workspace, args: Arguments): SlackChannel {
  const channel = world.channel(args['channel'] ?? '');
  if (channel === undefined) throw new SlackRefusal('channel_not_found');
  if (!channel.hasBot)
    throw new SlackRefusal(channel.kind === 'public' ? 'not_in_channel' : 'channel_not_found');
  return channel;
}

function contentOf(args: Arguments): { text: string; blocks: readonly Readonly<Record<string, unknown>>[] } {
  const text = args['text'] ?? '';
  const blocks: unknown = args['blocks'] === undefined ? [] : parsed(args['blocks'], 'invalid_blocks_format');
  if (text === '' && Array.isArray(blocks) && blocks.length === 0) throw new SlackRefusal('no_text');
  if (text === '') throw new SlackRefusal('no_text', 'blocks without a text to fall back on');
  const refused = checkText(text) ?? checkBlocks(blocks);
  if (refused !== undefined) throw new SlackRefusal(refused.problem, refused.because);
  return { text, blocks: blocks as readonly Readonly<Record<string, unknown>>[] };
}

function metadataOf(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  const metadata = parsed(json, 'invalid_metadata_format') as Readonly<Record<string, unknown>> | null;
  if (typeof metadata?.['event_type'] !== 'string' || typeof metadata['event_payload'] !== 'object')
    throw new SlackRefusal('invalid_metadata_schema');
  if (json.length > 16_384) throw new SlackRefusal('metadata_too_large');
  return metadata;
}

function parsed(json: string, refusal: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new SlackRefusal(refusal, json.slice(0, 100));
  }
}

function page(all: readonly SlackMessage[], args: Arguments): Answer {
  const since = all.filter(({ ts }) => Number(ts) > Number(args['oldest'] ?? 0));
  const from = Number(args['cursor'] ?? 0);
  const limit = Math.min(Number(args['limit'] ?? 100), 999);
  const next = from + limit < since.length ? String(from + limit) : '';
  const withMetadata = args['include_all_metadata'] === 'true';
  return {
    messages: since.slice(from, from + limit).map((one) => {
      const { metadata, ...rest } = shown(one);
      return withMetadata && metadata !== undefined ? { ...rest, metadata } : rest;
    }),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

function shown(message: SlackMessage): Readonly<Record<string, unknown>> {
  const { ts, user, text, blocks, threadTs, metadata, byBot } = message;
  return {
    type: 'message',
    ts,
    user,
    text,
    blocks,
    ...(byBot ? { bot_id: 'B0BOT' } : {}),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

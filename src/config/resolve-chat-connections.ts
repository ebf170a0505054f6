import type { ChatConnections, IrcConnection, SlackConnection } from './chat-connections.js';
import { isChannelKey } from '../chat/irc-names.js';
import type { Misfit } from './misfit.js';
import type { ConfigPath } from './path-text.js';
import { endpointOf, Reading } from './reading.js';
import type { SecretSources } from './resolve-secrets.js';
import type { IrcSection, SlackSection } from './schema/chat-connections.js';
import type { ConfigFile } from './schema/config-file.js';
import type { Secret } from './secret.js';

export interface ResolvedChats {
  readonly chatConnections: ChatConnections;
  /** All secrets among them, for whoever has to keep them out of texts. */
  readonly secrets: readonly Secret[];
}

/** Reads every file that the chats in use name: certificates, keys, passwords, tokens. All mistakes at once. */
export async function resolveChatConnections(
  { chat, connections }: Pick<ConfigFile, 'chat' | 'connections'>,
  sources: SecretSources,
): Promise<ResolvedChats | { readonly misfits: readonly Misfit[] }> {
  const reading = new Reading(sources);
  const isUsed = (name: string): boolean => chat.destinations.some(({ platform }) => platform === name);
  const irc = connections.irc && isUsed('irc') ? await ircOf(connections.irc, reading) : undefined;
  const slack = connections.slack && isUsed('slack') ? await slackOf(connections.slack, reading) : undefined;
  if (reading.misfits.length > 0) return { misfits: reading.misfits };
  return { chatConnections: { ...(irc && { irc }), ...(slack && { slack }) }, secrets: reading.secrets };
}

async function ircOf(written: IrcSection, reading: Reading): Promise<IrcConnection> {
  const of = (...path: string[]): ConfigPath => ['connections', 'irc', ...path];
  const { tls, login, realName, regain, morePage } = written;
  const authority = await reading.file(tls?.authority, of('tls', 'authority'));
  const certificate = await reading.file(tls?.certificate, of('tls', 'certificate'));
  const key = await reading.optional(tls?.key, of('tls', 'key'));
  const serverPassword = await reading.optional(written.serverPassword, of('serverPassword'));
  const password = await reading.optional(login?.password, of('login', 'password'));
  const channelKeys = await channelKeysOf(written, reading);
  const client = certificate !== undefined && key !== undefined && { client: { certificate, key } };
  return {
    ...endpointOf(written.server),
    ...(tls !== undefined && {
      tls: {
        ...(authority !== undefined && { authority }),
        ...(tls.name !== undefined && { name: tls.name }),
        ...client,
      },
    }),
    ...(serverPassword !== undefined && { serverPassword }),
    ...(login?.mechanism === 'EXTERNAL' && { login: { mechanism: login.mechanism } }),
    ...(login?.mechanism === 'PLAIN' &&
      password !== undefined && {
        login: { mechanism: login.mechanism, account: login.account ?? written.nick, password },
      }),
    channelKeys,
    nick: written.nick,
    ...(realName !== undefined && { realName }),
    ...(regain !== undefined && { regain }),
    trustNicks: written.trustNicks,
    flood: written.flood,
    mostLines: written.mostLines,
    formatting: written.formatting,
    ...(morePage !== undefined && { morePage }),
  };
}

/** A key that the server would take for something else is refused here, unseen. */
async function channelKeysOf(
  written: IrcSection,
  reading: Reading,
): Promise<IrcConnection['channelKeys'][number][]> {
  const keys: IrcConnection['channelKeys'][number][] = [];
  for (const [channel, reference] of Object.entries(written.channelKeys)) {
    const path = ['connections', 'irc', 'channelKeys', channel];
    const before = reading.misfits.length;
    const key = await reading.secret(reference, path);
    if (reading.misfits.length === before && !isChannelKey(key.reveal()))
      reading.misfits.push({ path, found: 'a value that is not shown', expected: A_KEY });
    keys.push({ channel, key });
  }
  return keys;
}

const A_KEY =
  'the key of a channel: at most 50 ASCII characters without spaces and commas, no colon at first';

async function slackOf(written: SlackSection, reading: Reading): Promise<SlackConnection> {
  const of = (key: string): ConfigPath => ['connections', 'slack', key];
  const { apiUrl, proxy } = written;
  return {
    botToken: await reading.secret(written.botToken, of('botToken')),
    appToken: await reading.secret(written.appToken, of('appToken')),
    slashCommand: written.slashCommand,
    channels: Object.entries(written.channels).map(([name, id]) => ({ name, id })),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(proxy !== undefined && { proxy }),
  };
}

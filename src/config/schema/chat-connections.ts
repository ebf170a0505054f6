import { z } from 'zod';
import { endpoint, line, list, matching, named, number, oneOf, path, section, whole } from './fields.js';
import { secretReference } from './secret-section.js';

/** How the chats are reached. Each section is read where a destination is on that chat, and only there. */

const nick = matching(/^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,29}$/, 'a nick, such as switchdc');
const webAddress = (example: string): z.ZodType<string> =>
  z.string().refine((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), {
    error: `an address such as ${example}`,
  });

export const ircSection = section({
  server: endpoint('irc.libera.chat:6697'),
  tls: section({
    authority: path.optional(),
    name: matching(
      /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/,
      'a server’s name, such as irc.libera.chat',
    ).optional(),
    certificate: path.optional(),
    key: secretReference.optional(),
  }).optional(),
  serverPassword: secretReference.optional(),
  login: section({
    mechanism: oneOf(['PLAIN', 'EXTERNAL']),
    account: line('the account of the bot', 64).optional(),
    password: secretReference.optional(),
  }).optional(),
  channelKeys: named(
    matching(/^[#&+!][^\s,:\p{C}]{1,63}$/u, 'a channel of IRC, such as "#operations"'),
    secretReference,
    'keys of channels',
  ).default({}),
  nick,
  realName: line('what is shown of the bot besides its nick', 80).optional(),
  regain: section({ service: nick, command: matching(/^[A-Z]{1,20}$/, 'a word such as RECOVER') }).optional(),
  trustNicks: list(nick, 'nicks', 0, 100).default([]),
  flood: section({
    burst: whole('how many lines may go out at once', 2, 1_000).default(5),
    perSecond: number('how many lines a second after that', 0.1, 1_000).default(1),
  }).prefault({}),
  mostLines: whole('how many lines of one message a channel is shown', 1, 50).default(5),
  formatting: oneOf(['bold', 'none']).default('bold'),
  morePage: webAddress('https://switchdc.example.org').optional(),
});

export const slackSection = section({
  botToken: secretReference,
  appToken: secretReference,
  slashCommand: matching(/^\/[a-z0-9_-]{1,31}$/, 'a slash command, such as /switchdc').default('/switchdc'),
  channels: named(
    matching(/^#[^\s\p{C}]{1,79}$/u, 'a channel, such as "#operations"'),
    matching(/^[CGD][A-Z0-9]{2,30}$/, 'the id of a channel (not its name), such as C0123456789'),
    'channel ids',
  ),
  apiUrl: webAddress('https://slack.com/api/').optional(),
  proxy: webAddress('http://webproxy.example.org:8080').optional(),
});

export type IrcSection = z.output<typeof ircSection>;
export type SlackSection = z.output<typeof slackSection>;

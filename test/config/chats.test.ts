import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { practiceAllowed } from '../../src/access/practice.js';
import { adaptersInUse } from '../../src/config/adapters-in-use.js';
import { embeddedData } from '../../src/config/embedded-data.js';
import { renderMistakes } from '../../src/config/render-mistakes.js';
import { MINUTE } from '../../src/domain/instant.js';
import { loadText, mistakesIn } from './sources.js';

type Tree = Record<string, unknown>;

/** The practice configuration, told in both chats. */
function chatty(): Tree {
  const data = embeddedData('alice') as unknown as Tree;
  return {
    ...data,
    chat: {
      destinations: [
        { platform: 'irc', channel: '#operations', audiences: ['engineers'], project: 'production' },
        { platform: 'slack', channel: '#operations', verbosity: 'milestones' },
        { platform: 'irc', channel: '#closed' },
      ],
      rollCall: { remindAfter: '1 min', mentionAfter: '2 min' },
    },
    connections: {
      irc: {
        server: 'irc.example.org:6697',
        tls: { authority: '/ca.pem', certificate: '/irc.pem', key: { file: '/irc.key' } },
        login: { mechanism: 'PLAIN', password: { file: '/irc-password' } },
        channelKeys: { '#Closed': { file: '/irc-channel-key' } },
        nick: 'switchdc',
      },
      slack: {
        botToken: { env: 'BOT_TOKEN' },
        appToken: { env: 'APP_TOKEN' },
        channels: { '#operations': 'C0123456789' },
      },
    },
  };
}

const files = {
  '/ca.pem': 'the authority',
  '/irc.pem': 'the certificate',
  '/irc.key': 'planted-irc-key',
  '/irc-password': 'planted-irc-password\n',
  '/irc-channel-key': 'planted-channel-key\n',
  '/two-words': 'planted two words',
};
const env = { BOT_TOKEN: 'xoxb-planted-token', APP_TOKEN: 'xapp-planted-token' };

function changed(path: string, value?: unknown): string {
  const tree = structuredClone(chatty());
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Tree>((at, key) => at[key] as Tree, tree);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return stringify(tree);
}

test('the chats in use are known with their files read and their secrets hidden', async () => {
  const loaded = await loadText(stringify(chatty()), files, env);
  if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
  const { config } = loaded;
  expect(config.chatConnections).toMatchObject({
    irc: {
      host: 'irc.example.org',
      port: 6697,
      nick: 'switchdc',
      tls: { authority: 'the authority', client: { certificate: 'the certificate' } },
      login: { mechanism: 'PLAIN', account: 'switchdc' },
      channelKeys: [{ channel: '#Closed' }],
      trustNicks: [],
      flood: { burst: 5, perSecond: 1 },
    },
    slack: { slashCommand: '/switchdc', channels: [{ name: '#operations', id: 'C0123456789' }] },
  });
  expect(config.connections).toBeUndefined();
  expect(config.secrets.map((secret) => secret.reveal()).sort()).toEqual([
    'planted-channel-key',
    'planted-irc-key',
    'planted-irc-password',
    'xapp-planted-token',
    'xoxb-planted-token',
  ]);
  expect(`${inspect(config, { depth: null })}${JSON.stringify(config)}`).not.toContain('planted');
  expect(config.gates['1'].rollCall).toEqual({
    remindAfter: MINUTE,
    mentionAfter: 2 * MINUTE,
    directAfter: 15 * MINUTE,
  });
  expect(practiceAllowed(adaptersInUse(config))).toMatchObject({ allowed: false });
});

test('a chat that no destination is on is not read', async () => {
  const data = { ...chatty(), chat: {} };
  const loaded = await loadText(stringify(data));
  if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
  expect([loaded.config.chatConnections, loaded.config.secrets]).toEqual([{}, []]);
});

describe('what does not fit is told', () => {
  test.each<[string, string, unknown, string, RegExp]>([
    [
      'IRC without a server',
      'connections.irc',
      undefined,
      'connections.irc',
      /how the IRC server is reached/,
    ],
    ['Slack without tokens', 'connections.slack', undefined, 'connections.slack', /how Slack is reached/],
    [
      'a password in the clear',
      'connections.irc.tls',
      undefined,
      'connections.irc.tls',
      /not sent in the clear/,
    ],
    [
      'PLAIN without a password',
      'connections.irc.login.password',
      undefined,
      'connections.irc.login.password',
      /PLAIN needs/,
    ],
    [
      'EXTERNAL without a certificate',
      'connections.irc',
      { server: '127.0.0.1:6667', nick: 'x', login: { mechanism: 'EXTERNAL' } },
      'connections.irc.tls.certificate',
      /EXTERNAL logs in with/,
    ],
    [
      'a certificate without its key',
      'connections.irc.tls.key',
      undefined,
      'connections.irc.tls',
      /certificate and key together/,
    ],
    [
      'a channel that IRC does not have',
      'chat.destinations.0.channel',
      'operations',
      'chat.destinations[0].channel',
      /a channel of IRC/,
    ],
    [
      'a channel whose id is not known',
      'chat.destinations.1.channel',
      '#operation',
      'chat.destinations[1].channel',
      /gives the id of: #operations/,
    ],
    [
      'a channel’s name for its id',
      'connections.slack.channels',
      { '#operations': 'operations' },
      'connections.slack.channels["#operations"]',
      /the id of a channel/,
    ],
    [
      'a key of a channel that the bot is not in',
      'connections.irc.channelKeys',
      { '#operation': { file: '/irc-channel-key' } },
      'connections.irc.channelKeys',
      /a destination on IRC names: #operations, #closed/,
    ],
    [
      'the key of a channel in the file',
      'connections.irc.channelKeys',
      { '#operations': 'planted-channel-key' },
      'connections.irc.channelKeys["#operations"]',
      /the keys file, env/,
    ],
    [
      'a key that a server would take for two words',
      'connections.irc.channelKeys',
      { '#operations': { file: '/two-words' } },
      'connections.irc.channelKeys["#operations"]',
      /without spaces and commas/,
    ],
    [
      'a token in the file',
      'connections.slack.botToken',
      'xoxb-planted-token',
      'connections.slack.botToken',
      /the keys file, env/,
    ],
    [
      'a token that is not there',
      'connections.slack.appToken',
      { env: 'NOT_SET' },
      'connections.slack.appToken.env',
      /an environment variable that is set/,
    ],
    [
      'a roll call that does not get louder later',
      'chat.rollCall.mentionAfter',
      '30 s',
      'chat.rollCall.mentionAfter',
      /longer than remindAfter/,
    ],
    ['a nick with a line end', 'connections.irc.nick', 'x\nQUIT', 'connections.irc.nick', /a nick/],
  ])('%s', async (_, path, value, at, expected) => {
    const mistakes = await mistakesIn(changed(path, value), files, env);
    expect(mistakes.map((mistake) => mistake.path)).toEqual([at]);
    expect(mistakes[0]?.expected).toMatch(expected);
    expect(JSON.stringify(mistakes)).not.toContain('planted');
  });

  test('the key of a channel in the clear', async () => {
    const text = changed('connections.irc', {
      server: 'irc.example.org:6667',
      nick: 'switchdc',
      channelKeys: { '#operations': { file: '/irc-channel-key' } },
    });
    expect((await mistakesIn(text, files, env)).map(({ path }) => path)).toEqual(['connections.irc.tls']);
  });

  test('a server on this machine may be spoken to in the clear', async () => {
    const text = changed('connections.irc', {
      server: '127.0.0.1:6667',
      nick: 'switchdc',
      login: { mechanism: 'PLAIN', password: { file: '/irc-password' } },
    });
    expect(await loadText(text, files, env)).toMatchObject({ ok: true });
  });
});

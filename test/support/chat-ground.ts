import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SlackPerson } from '../../lab/slack/slack-person.js';
import { SlackStandIn } from '../../lab/slack/slack-stand-in.js';
import { slackNeeds } from '../../src/chat/slack/needs.js';
import { embeddedData } from '../../src/config/embedded-data.js';
import { type AccountGround, accountGround, ALICE, BOT } from '../chat/irc/support.js';

export const BOB = { name: 'bob', password: 'another-password' };
export const OPERATIONS = '#operations';
export const COMMUNITY = '#community';

/** Both chats, with the people who are in them: alice in both, bob on IRC alone, carol in Slack alone. */
export interface ChatGround extends AsyncDisposable {
  readonly irc: AccountGround;
  readonly slack: SlackStandIn;
  /** The channel of the operators in Slack. */
  readonly channel: string;
  readonly alice: SlackPerson;
  readonly carol: SlackPerson;
  /** Everything that the bot has said in Slack's channel, as texts. */
  said(): string;
  folder(name: string): string;
  /** The practice installation, told in both chats. */
  configFile(options?: ChatConfigOptions): string;
}

export interface ChatConfigOptions {
  /** Where the bot finds the IRC server, if not at its own port. */
  readonly ircPort?: number;
  /** Other settings of the configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export async function chatGround(): Promise<ChatGround> {
  const irc = await accountGround();
  await irc.services.register(BOB);
  const slack = await SlackStandIn.open({ scopes: slackNeeds.botScopes });
  const channel = slack.channel('operations');
  const ground = { irc, slack, channel, alice: slack.person('alice'), carol: slack.person('carol') };
  return {
    ...ground,
    said: () =>
      slack
        .bySwitchdc(channel)
        .map(({ text }) => text)
        .join('\n'),
    folder: (name) => irc.ground.folderFor('two-chats', name),
    configFile: (options = {}) => writeConfig(ground, options),
    async [Symbol.asyncDispose]() {
      await slack[Symbol.asyncDispose]();
      await irc[Symbol.asyncDispose]();
    },
  };
}

type People = Pick<ChatGround, 'irc' | 'slack' | 'channel' | 'alice' | 'carol'>;

function writeConfig({ irc, slack, channel, alice, carol }: People, options: ChatConfigOptions): string {
  const folder = irc.ground.folderFor('two-chats');
  const file = (name: string, text: string): { file: string } => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return { file: path.join(folder, name) };
  };
  const inSlack = ({ user }: SlackPerson): object => ({ slack: { team: slack.world.team, user: user.id } });
  const identities: Readonly<Record<string, readonly object[]>> = {
    alice: [{ irc: ALICE.name }, inSlack(alice)],
    bob: [{ irc: BOB.name }],
    carol: [inSlack(carol)],
  };
  const data = embeddedData('nobody') as unknown as { people: { name: string }[]; chat: object };
  const operations = {
    channel: OPERATIONS,
    audiences: ['engineers'],
    project: 'production',
    verbosity: 'tasks',
  };
  const config = {
    ...data,
    people: data.people.map((person) => ({ ...person, identities: identities[person.name] ?? [] })),
    chat: {
      ...data.chat,
      destinations: [
        { platform: 'irc', ...operations },
        { platform: 'slack', ...operations },
        { platform: 'irc', channel: COMMUNITY, audiences: ['community'], verbosity: 'milestones' },
      ],
    },
    connections: {
      irc: {
        server: `127.0.0.1:${options.ircPort ?? irc.ircd.tlsPort}`,
        tls: { authority: file('authority.pem', irc.ircd.certificates.authority).file, name: 'irc.lab.test' },
        login: { mechanism: 'PLAIN', account: BOT.name, password: file('irc-password', BOT.password) },
        nick: 'switchdc',
        flood: { burst: 100, perSecond: 50 },
      },
      slack: {
        botToken: file('bot-token', slack.tokens.bot),
        appToken: file('app-token', slack.tokens.app),
        channels: { [OPERATIONS]: channel },
        apiUrl: slack.apiUrl,
      },
    },
    ...options.settings,
  };
  return file('switchdc.yaml', JSON.stringify(config)).file;
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { IrcClient } from '../../lab/irc/irc-client.js';
import { SlackStandIn } from '../../lab/slack/slack-stand-in.js';
import { slackNeeds } from '../../src/chat/slack/needs.js';
import { embeddedData } from '../../src/config/embedded-data.js';
import { type AccountGround, accountGround, ALICE, BOT, inChannel, personWith } from '../chat/irc/support.js';
import { eventually } from '../support/eventually.js';
import { RunningService } from '../support/running-service.js';

const BOB = { name: 'bob', password: 'another-password' };
const OPERATIONS = '#operations';

let irc: AccountGround;
let slack: SlackStandIn;
beforeAll(async () => {
  irc = await accountGround();
  await irc.services.register(BOB);
  slack = await SlackStandIn.open({ scopes: slackNeeds.botScopes });
}, 60_000);
afterAll(async () => {
  await slack[Symbol.asyncDispose]();
  await irc[Symbol.asyncDispose]();
});

/** The practice installation, told in both chats; alice and bob are on IRC, alice and carol in Slack. */
function configFile(channel: string, people: Readonly<Record<string, readonly object[]>>): string {
  const folder = irc.ground.folderFor('two-chats');
  const file = (name: string, text: string): { file: string } => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return { file: path.join(folder, name) };
  };
  const data = embeddedData('nobody') as unknown as {
    people: { name: string; identities?: unknown[] }[];
    chat: object;
  };
  const config = {
    ...data,
    people: data.people.map((person) => ({ ...person, identities: people[person.name] ?? [] })),
    chat: {
      ...data.chat,
      destinations: ['irc', 'slack'].map((platform) => ({
        platform,
        channel: OPERATIONS,
        audiences: ['engineers'],
        project: 'production',
        verbosity: 'tasks',
      })),
    },
    connections: {
      irc: {
        server: `127.0.0.1:${irc.ircd.tlsPort}`,
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
  };
  return file('switchdc.yaml', JSON.stringify(config)).file;
}

const heard = (person: IrcClient): string => person.lines.filter((line) => / PRIVMSG /.test(line)).join('\n');

test('a run that is asked for in Slack and approved in IRC and by a button is told in both, by a service without a terminal', async () => {
  const channel = slack.channel('operations');
  const inSlack = { alice: slack.person('alice'), carol: slack.person('carol') };
  const config = configFile(channel, {
    alice: [{ irc: ALICE.name }, { slack: { team: slack.world.team, user: inSlack.alice.user.id } }],
    bob: [{ irc: BOB.name }],
    carol: [{ slack: { team: slack.world.team, user: inSlack.carol.user.id } }],
  });
  await using alice = await personWith(irc.ircd.port, 'alice', ALICE);
  await using bob = await personWith(irc.ircd.port, 'bobby', BOB);
  await using service = await RunningService.start(irc.ground.folderFor('two-chats', 'data'), { config });
  await inChannel(bob);
  await eventually(() => slack.socket.connected > 0, 'Slack is connected', 8_000);
  // Nobody is at the terminal; it goes on for those in the chats.
  service.child.stdin.end();

  const said = (): string =>
    slack
      .bySwitchdc(channel)
      .map(({ text }) => text)
      .join('\n');
  inSlack.alice.says(channel, '!switchdc start --task T12345 --only 08-restart-job-runners');
  await eventually(() => /Run 1 mediawiki/.test(said()), 'the plan is shown in Slack', 20_000);
  await bob.sees(/ PRIVMSG #operations :.*run 1.*needs 2 GO/i);

  // alice is no approver, in whichever window.
  alice.says(OPERATIONS, '!switchdc approve 1');
  await alice.sees(/ PRIVMSG #operations :You are alice.*role approver is needed/);
  bob.says(OPERATIONS, '!switchdc approve 1');
  await eventually(() => /GO from bob/.test(said()), 'Slack hears of the GO in IRC', 20_000);
  const question = slack
    .bySwitchdc(channel)
    .find(({ blocks }) => JSON.stringify(blocks).includes('"Approve"'));
  inSlack.carol.clicks(channel, question?.ts ?? '', 'Approve');
  await bob.sees(/ PRIVMSG #operations :.*GO.*carol/);

  await bob.sees(/ PRIVMSG #operations :.*run 1: PASS/i, 60_000);
  await eventually(() => /Run 1: PASS/i.test(said()), 'Slack hears of the end', 20_000);
  expect(heard(bob)).toMatch(/08-restart-job-runners/);
  expect(said()).toMatch(/08-restart-job-runners/);

  service.child.kill('SIGTERM');
  expect(await service.end()).toMatchObject({ code: 0 });
  for (const secret of [BOT.password, slack.tokens.bot, slack.tokens.app])
    expect(service.said).not.toContain(secret);
}, 120_000);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IrcClient } from '../../lab/irc/irc-client.js';
import { ALICE, BOT, inChannel, personWith } from '../chat/irc/support.js';
import { BOB, type ChatGround, chatGround, OPERATIONS } from '../support/chat-ground.js';
import { eventually } from '../support/eventually.js';
import { RunningService } from '../support/running-service.js';

let ground: ChatGround;
beforeAll(async () => {
  ground = await chatGround();
}, 60_000);
afterAll(async () => ground[Symbol.asyncDispose]());

const heard = (person: IrcClient): string => person.lines.filter((line) => / PRIVMSG /.test(line)).join('\n');

test('a run that is asked for in Slack and approved in IRC and by a button is told in both, by a service without a terminal', async () => {
  const { irc, slack, channel, said } = ground;
  await using alice = await personWith(irc.ircd.port, 'alice', ALICE);
  await using bob = await personWith(irc.ircd.port, 'bobby', BOB);
  await using service = await RunningService.start(ground.folder('data'), { config: ground.configFile() });
  await inChannel(bob);
  await eventually(() => slack.socket.connected > 0, 'Slack is connected', 8_000);
  // Nobody is at the terminal; it goes on for those in the chats.
  service.child.stdin.end();

  ground.alice.says(channel, '!switchdc start --task T12345 --only 08-restart-job-runners');
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
  ground.carol.clicks(channel, question?.ts ?? '', 'Approve');
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

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import type { IrcClient } from '../../../lab/irc/irc-client.js';
import { type LabInspircd, openInspircd } from '../../../lab/irc/inspircd.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { type ChatInTest, inChannel, ircChat, personWith, RawServer, secret, welcoming } from './support.js';

let ground: LabGround;
let ircd: LabInspircd;

beforeAll(async () => {
  ground = await LabGround.open();
  ircd = await openInspircd(ground);
});

afterAll(() => ground[Symbol.asyncDispose]());

const KEY = 'planted-channel-key';
/** So far apart that no test sees the second try. */
const PATIENT = { firstWait: 600_000, longestWait: 600_000 };

/** Somebody in a channel of their own that is closed in this way. */
async function closed(channel: string, mode: string): Promise<IrcClient> {
  const alice = await personWith(ircd.port, 'alice1', undefined, channel);
  alice.write(`MODE ${channel} ${mode}`);
  await alice.sees(new RegExp(` MODE ${channel} `));
  return alice;
}

/** Everything that people, or a debugger, are shown of it. */
const shown = ({ chat, troubles }: ChatInTest): string =>
  inspect([chat, troubles], { depth: 20, showHidden: true });

test('a channel with a key is joined with it, and joined again after a kick; the key is shown nowhere', async () => {
  const channel = '#Keyed';
  await using alice = await closed(channel, `+k ${KEY}`);
  await using under = await ircChat(ircd.port, {
    channels: [channel],
    channelKeys: [{ channel: '#keyed', key: secret(KEY) }],
  });
  await inChannel(alice, 'switchdc', channel);
  const from = alice.lines.length;
  alice.write(`KICK ${channel} switchdc :I know ${KEY}`);
  await alice.sees(/^:switchdc\S* JOIN/, 10_000, from);
  await under.chat.send({ platform: 'irc', channel }, say('in again'), 'again');
  expect(under.troubles[0]).toContain('kicked by alice1: I know [secret]');
  expect(shown(under)).not.toContain(KEY);
}, 40_000);

test('a key that is another one is told, with what to do, and is no longer wrong once the channel has it', async () => {
  const channel = '#wrongkey';
  await using alice = await closed(channel, '+k something-else');
  await using under = await ircChat(ircd.port, {
    channels: [channel],
    channelKeys: [{ channel, key: secret(KEY) }],
  });
  await eventually(() => under.troubles.length > 0, 'it is told');
  expect(under.troubles[0]).toMatch(
    /#wrongkey: cannot be joined \(its key is not the one in channelKeys\): /,
  );
  alice.write(`MODE ${channel} -k something-else`, `MODE ${channel} +k ${KEY}`);
  await inChannel(alice, 'switchdc', channel);
  await eventually(() => under.troubles.includes(`IRC: back in ${channel}`), 'it is told');
  expect(under.troubles).toHaveLength(2);
  expect(shown(under)).not.toContain(KEY);
}, 40_000);

test('a key that is missing is told with where it belongs', async () => {
  const channel = '#nokey';
  await using alice = await closed(channel, '+k something-else');
  await using under = await ircChat(ircd.port, { channels: [channel] });
  await eventually(() => under.troubles.length > 0, 'it is told');
  expect(under.troubles[0]).toContain('(it has a key: name it in channelKeys)');
  expect(alice.lines.filter((line) => / JOIN /.test(line) && line.startsWith(':switchdc'))).toEqual([]);
}, 40_000);

test('an invitation to a channel that was closed is followed at once', async () => {
  const channel = '#invited';
  await using alice = await closed(channel, '+i');
  await using under = await ircChat(ircd.port, { channels: [channel], times: PATIENT });
  await eventually(() => under.troubles.length > 0, 'it is told');
  alice.write(`INVITE switchdc ${channel}`);
  await alice.sees(/^:switchdc\S* JOIN/, 5_000);
  await eventually(() => under.troubles.includes(`IRC: back in ${channel}`), 'it is told');
}, 40_000);

test('an operator of the server lets the bot into a channel that nobody else can open', async () => {
  const channel = '#taken';
  await using stranger = await closed(channel, '+ik something-else');
  await using under = await ircChat(ircd.port, { channels: [channel], times: PATIENT });
  await eventually(() => under.troubles.length > 0, 'it is told');
  await using operator = await personWith(ircd.port, 'operator', undefined, '#elsewhere');
  operator.write(`OPER ${ircd.operator.name} ${ircd.operator.password}`);
  await operator.sees(/ 381 /);
  operator.write(`SAJOIN operator ${channel}`);
  await stranger.sees(/^:operator\S* JOIN/);
  operator.write(`SAMODE ${channel} +o operator`);
  await stranger.sees(/ MODE #taken \+o/);
  operator.write(`INVITE switchdc ${channel}`);
  await stranger.sees(/^:switchdc\S* JOIN/, 5_000);
  await under.chat.send({ platform: 'irc', channel }, say('here'), 'here');
}, 40_000);

test('invitations elsewhere, of others and by the hundred are no way to make the bot join or flood', async () => {
  await using server = await RawServer.open();
  server.answer = (line) =>
    line.startsWith('JOIN')
      ? [':raw.test 473 switchdc #operations :Cannot join channel (invite only)']
      : welcoming(line);
  await using under = await ircChat(server.port, { times: PATIENT });
  await eventually(() => under.troubles.length > 0, 'it is told');
  const invitations = Array.from({ length: 100 }, () => ':eve!e@h INVITE switchdc :#Operations');
  const others = [
    ':eve!e@h INVITE switchdc #evil',
    ':eve!e@h INVITE alice #operations',
    'INVITE',
    'INVITE switchdc',
  ];
  server.write([...others, ...invitations, 'PING :end', ''].join('\r\n'));
  await eventually(() => server.lines().includes('PONG end'), 'all of it was read');
  expect(server.lines().filter((line) => line.startsWith('JOIN'))).toEqual(Array(4).fill('JOIN #operations'));
});

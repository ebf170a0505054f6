import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IrcClient } from '../../../lab/irc/irc-client.js';
import { TcpProxy } from '../../../lab/tcp-proxy.js';
import { backoff } from '../../../src/chat/backoff.js';
import { withoutFormats } from '../../../src/chat/irc/rich-text.js';
import { NotSent } from '../../../src/chat/errors.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import {
  type AccountGround,
  accountGround,
  inChannel,
  ircChat,
  listens,
  loggedIn,
  operations,
  OPERATIONS,
  personWith,
} from './support.js';

let accounts: AccountGround;
let port: number;

beforeAll(async () => {
  accounts = await accountGround();
  port = accounts.ircd.port;
}, 60_000);

afterAll(async () => accounts[Symbol.asyncDispose]());

const bots = { channels: [OPERATIONS] };
const said = (person: IrcClient): readonly string[] =>
  person.saidBy('switchdc', OPERATIONS).map(withoutFormats);

test('a server that is not there at first, and then restarts, costs nothing that was to be said', async () => {
  await accounts.ircd.server.kill();
  await using under = listens(await ircChat(port, { ...bots, times: { lateAfter: 0 } }));
  await eventually(() => under.troubles.length > 0, 'the first connection fails');
  await expect(
    under.chat.send(operations, say('too late for me'), 'one').then(
      () => 'sent',
      (error: unknown) => (error instanceof NotSent ? 'not sent' : error),
    ),
  ).resolves.toBe('not sent');
  for (let index = 0; index < 30; index += 1)
    await under.chat.queue(operations, say(`progress ${index};`), `reporter/41/${index}`);
  await accounts.ircd.server.start();
  await using alice = await personWith(port, 'alice1');
  await inChannel(alice);
  // What the bot says before anybody is there again is seen by nobody; what it says now is.
  await under.chat.send(operations, say('done;'), 'done');
  await eventually(() => said(alice).join(' ').includes('done;'), 'it is said');
  expect(under.troubles.some((text) => text.startsWith('IRC is back after'))).toBe(true);
  expect(said(alice).join(' ')).not.toContain('too late for me');
}, 60_000);

test('what waited during an outage is said in few lines, in order and with its time', async () => {
  await using link = await TcpProxy.open(
    { host: '127.0.0.1', port: await accounts.ground.ports.next() },
    { host: '127.0.0.1', port },
  );
  await using alice = await personWith(port, 'alice1');
  await using under = await ircChat(link.port, { ...bots, times: { lateAfter: 0, firstWait: 300 } });
  await inChannel(alice);
  link.cut();
  await alice.sees(/^:switchdc\S* QUIT/);
  for (let index = 0; index < 30; index += 1)
    await under.chat.queue(operations, say(`progress ${index};`), `reporter/42/${index}`);
  await under.chat.queue(operations, message('alarm', paragraph('look here')), 'alarm/42');
  link.mend();
  await eventually(() => said(alice).join(' ').includes('progress 29;'), 'everything is said', 20_000);
  const lines = said(alice);
  expect(lines[0]).toMatch(/^ALARM: \[\d\d:\d\d:\d\d\] look here|^\[\d\d:\d\d:\d\d\] ALARM: look here/);
  expect(lines.length).toBeLessThanOrEqual(5);
  const text = lines.join(' ');
  expect(
    [...text.matchAll(/\[\d\d:\d\d:\d\d\] progress (\d+);/g)].map(([, number]) => Number(number)),
  ).toEqual(Array.from({ length: 30 }, (_, index) => index));
}, 40_000);

test('a server that is silent is left, and what it did not confirm is said again', async () => {
  await using link = await TcpProxy.open(
    { host: '127.0.0.1', port: await accounts.ground.ports.next() },
    { host: '127.0.0.1', port },
  );
  await using alice = await personWith(port, 'alice1');
  await using under = await ircChat(link.port, { ...bots, times: { askAfter: 200, silentFor: 600 } });
  await inChannel(alice);
  link.stall();
  const sending = under.chat.send(operations, say('said into the silence'), 'announcement');
  await eventually(
    () => under.troubles.some((text) => text.includes('gone silent')),
    'the silence is noticed',
  );
  link.mend();
  await sending;
  const again = (): number =>
    said(alice).filter((line) => line.includes('(again) said into the silence')).length;
  await eventually(() => again() > 0, 'it is said again');
  expect(again()).toBe(1);
}, 40_000);

test('a nick that somebody else has is worked around, and taken back by its owner', async () => {
  await using thief = await IrcClient.open({ port, nick: 'switchdc' });
  await using alice = await personWith(port, 'alice1');
  await using under = await ircChat(accounts.ircd.tlsPort, loggedIn(accounts));
  await eventually(
    () => under.troubles.some((text) => text.includes('somebody else has the nick switchdc')),
    'it is told',
  );
  await inChannel(alice, 'switchdc');
  await under.chat.send(operations, say('myself again'), 'myself');
  await eventually(() => said(alice).includes('myself again'), 'it is said by its own nick');
  expect(thief.lines.some((line) => /(KILL|NICK|ERROR)/.test(line))).toBe(true);
}, 40_000);

test('without services the nick is taken as soon as it is free', async () => {
  const thief = await personWith(port, 'spare');
  await using alice = await personWith(port, 'alice1');
  // It does not ask again by itself while the test lasts.
  const times = { firstWait: 600_000, longestWait: 600_000 };
  await using under = await ircChat(port, { nick: 'spare', times });
  await inChannel(alice, 'spare_');
  expect(under.troubles.join()).toContain('the bot is spare_ until then');
  await thief[Symbol.asyncDispose]();
  await inChannel(alice, 'spare');
}, 40_000);

test('a kick is told and the bot comes back', async () => {
  const channel = '#kicks';
  await using alice = await personWith(port, 'alice1', undefined, channel);
  await using under = await ircChat(port, { channels: [channel] });
  await inChannel(alice, 'switchdc', channel);
  const from = alice.lines.length;
  alice.write(`KICK ${channel} switchdc :go away`);
  await eventually(() => under.troubles.some((text) => /kicked by alice1: go away/.test(text)), 'it is told');
  await alice.sees(/^:switchdc\S* JOIN/, 10_000, from);
  await under.chat.send({ platform: 'irc', channel }, say('back'), 'back');
  expect(under.troubles).toContain(`IRC: back in ${channel}`);
}, 40_000);

test('banned from the network, the bot says why and comes back when the ban is over', async () => {
  await using alice = await personWith(port, 'alice1');
  const { name, password } = accounts.ircd.operator;
  alice.write(`OPER ${name} ${password}`);
  await alice.sees(/ 381 /);
  await using under = await ircChat(port, { ...bots, nick: 'banned' });
  await inChannel(alice, 'banned');
  alice.write('KLINE banned@127.0.0.1 1h :not here');
  await eventually(() => under.troubles.some((text) => text.includes('not here')), 'the reason is told');
  alice.write('KLINE banned@127.0.0.1');
  await inChannel(alice, 'banned');
}, 40_000);

test('a channel that is closed to the bot is told once and tried until it is open', async () => {
  const to = { platform: 'irc', channel: '#closed' } as const;
  await using alice = await personWith(port, 'alice1', undefined, to.channel);
  alice.write(`MODE ${to.channel} +i`);
  await alice.sees(/ MODE #closed \S*i/);
  await using under = await ircChat(port, { channels: [to.channel], times: { sentWithin: 1_000 } });
  await eventually(() => under.troubles.some((text) => text.includes('cannot be joined')), 'it is told');
  await expect(under.chat.send(to, say('x'), 'x')).rejects.toBeInstanceOf(NotSent);
  alice.write(`MODE ${to.channel} -i`);
  await inChannel(alice, 'switchdc', to.channel);
  expect(under.troubles.filter((text) => text.includes('cannot be joined'))).toHaveLength(1);
}, 60_000);

test('waits double up to the longest, and no two bots wait alike', () => {
  const waits = [1, 2, 3, 6, 7, 50, 5_000].map((failures) => backoff(failures, 1_000, 60_000, 0.999_999));
  expect(waits.map(Math.round)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  expect(backoff(3, 1_000, 60_000, 0)).toBe(2_000);
});

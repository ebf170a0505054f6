import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { message, paragraph } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import {
  type AccountGround,
  accountGround,
  ALICE,
  inChannel,
  ircChat,
  listens,
  operations,
  OPERATIONS,
  personWith,
} from './support.js';

let ground: AccountGround;
beforeAll(async () => {
  ground = await accountGround();
}, 60_000);
afterAll(async () => ground[Symbol.asyncDispose]());

test('commands are shown as they are typed in a channel', async () => {
  await using alice = await personWith(ground.ircd.port, 'alice1');
  await using under = await ircChat(ground.ircd.port);
  await inChannel(alice);
  const shown = message('plain', paragraph('Say ', { command: 'go 7' }, '.'), {
    kind: 'choices',
    choices: [{ label: 'NOGO', command: 'nogo 7' }],
  });
  await under.chat.send(operations, shown, 'question');
  await alice.sees(/ PRIVMSG #operations :NOGO/);
  expect(alice.saidBy('switchdc', OPERATIONS)).toEqual(['Say `!switchdc go 7`.', 'NOGO: `!switchdc nogo 7`']);
});

test('what is said to the bot alone needs no prefix, and may have it', async () => {
  await using alice = await personWith(ground.ircd.port, 'alice', ALICE);
  await using under = listens(await ircChat(ground.ircd.port));
  await inChannel(alice);
  for (const line of ['status', '!switchdc why 7', '!log restarted the proxy']) alice.says('switchdc', line);
  alice.says(OPERATIONS, 'status');
  await eventually(() => under.heard.length === 4, 'everything is heard');
  expect(under.heard.map(({ text, from, sender }) => [from.channel, text, sender])).toEqual(
    [
      ['alice', '!switchdc status'],
      ['alice', '!switchdc why 7'],
      ['alice', '!log restarted the proxy'],
      [OPERATIONS, 'status'],
    ].map(([channel, text]) => [channel, text, { kind: 'irc', account: ALICE.name }]),
  );
});

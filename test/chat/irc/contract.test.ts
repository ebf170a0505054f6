import { afterAll, beforeAll } from '@jest/globals';
import { IrcClient } from '../../../lab/irc/irc-client.js';
import { type LabNgircd, openNgircd } from '../../../lab/irc/ngircd.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { chatPlatformContract, type ChatUnderTest } from '../../contracts/chat-platform.contract.js';
import {
  type AccountGround,
  accountGround,
  ALICE,
  inChannel,
  ircChat,
  loggedIn,
  operations,
  OPERATIONS,
  personWith,
} from './support.js';
import { withoutFormats } from '../../../src/chat/irc/rich-text.js';
import type { IrcOptions } from '../../../src/chat/irc/options.js';

let accounts: AccountGround;
let ground: LabGround;
let plain: LabNgircd;

beforeAll(async () => {
  accounts = await accountGround();
  ground = await LabGround.open();
  plain = await openNgircd(ground);
}, 60_000);

afterAll(async () => {
  await accounts[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

/** One lab for all; each test has people and a bot of its own. */
async function withBot(
  {
    port,
    botPort,
    options,
    hasAccounts,
  }: {
    readonly port: number;
    readonly botPort: number;
    readonly options: Partial<IrcOptions>;
    readonly hasAccounts: boolean;
  },
  test: (under: ChatUnderTest) => Promise<void>,
): Promise<void> {
  const [one, two, three, bot] = await Promise.all([
    personWith(port, 'alice1', hasAccounts ? ALICE : undefined),
    personWith(port, 'mallory'),
    IrcClient.open({ port, nick: 'evil' }),
    ircChat(botPort, options),
  ]);
  await using alice = one;
  await using mallory = two;
  await using evil = three;
  await using under = bot;
  await evil.joins('#evil');
  await inChannel(alice);
  let down: Promise<void> | undefined;
  await test({
    chat: under.chat,
    channel: operations,
    speakers: [
      {
        identity: hasAccounts ? { kind: 'irc', account: 'alice' } : undefined,
        says: async (text) => alice.says(OPERATIONS, text),
      },
      { identity: undefined, says: async (text) => mallory.says(OPERATIONS, text) },
    ],
    seen: async () => alice.saidBy('switchdc', OPERATIONS).map(withoutFormats).join(' '),
    harm: async () => [
      ...evil.lines.filter((line) => line.includes('switchdc')),
      ...alice.lines.filter((line) => /^:switchdc\S* (QUIT|PART|NICK|MODE|TOPIC)/.test(line)),
      ...alice.saidBy('switchdc', OPERATIONS).filter((line) => line.includes('\u0001')),
    ],
    takeDown: () =>
      (down ??= (async () => {
        await under.chat[Symbol.asyncDispose]();
      })()),
  });
}

chatPlatformContract('on InspIRCd, with accounts', (test) =>
  withBot(
    {
      port: accounts.ircd.port,
      botPort: accounts.ircd.tlsPort,
      options: loggedIn(accounts),
      hasAccounts: true,
    },
    test,
  ),
);

chatPlatformContract('on ngircd, without accounts', (test) =>
  withBot({ port: plain.port, botPort: plain.port, options: {}, hasAccounts: false }, test),
);

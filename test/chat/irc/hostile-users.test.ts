import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IrcClient } from '../../../lab/irc/irc-client.js';
import { eventually } from '../../support/eventually.js';
import { hostileBytes } from '../hostile-lines.js';
import { HostileHouse } from '../hostile-house.js';
import {
  type AccountGround,
  accountGround,
  ALICE,
  BOT,
  inChannel,
  ircChat,
  OPERATIONS,
  secret,
} from './support.js';
import { Tap } from './tap.js';

const MANY = 750;

/** First so few at a time that the house looks into most of them, then so many that it must not. */
const SIZES = [...Array<number>(40).fill(100), ...Array<number>(8).fill(MANY)];
const VICTOR = { name: 'victor', password: 'a-password-too' };

let ground: AccountGround;
beforeAll(async () => {
  ground = await accountGround();
  await ground.services.register(VICTOR);
}, 60_000);
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

/** Somebody in the channel who can say any bytes. */
interface Typist extends AsyncDisposable {
  readonly client: IrcClient;
  readonly tap: Tap;
}

async function typist(nick: string, account?: typeof ALICE): Promise<Typist> {
  const tap = await Tap.open(ground.ircd.port);
  const client = await IrcClient.open({
    port: tap.port,
    nick,
    ...(account === undefined ? {} : { account }),
  });
  await client.joins(OPERATIONS);
  return {
    client,
    tap,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await tap[Symbol.asyncDispose]();
    },
  };
}

/** Mostly in the channel; now and then to the bot alone, to those with a status only, or as what is no line at all. */
function spoken(line: Buffer, index: number): Buffer {
  const heads = [
    'PRIVMSG switchdc :',
    `PRIVMSG @${OPERATIONS} :`,
    `NOTICE ${OPERATIONS} :`,
    `TOPIC ${OPERATIONS} :`,
  ];
  const head = index % 4 === 0 ? heads[(index / 4) % heads.length] : undefined;
  return Buffer.concat([Buffer.from(head ?? `PRIVMSG ${OPERATIONS} :`), line, Buffer.from('\r\n')]);
}

/** All that the bot may write once it is there: to the channel, to those who asked, and what keeps the connection. */
const MAY_WRITE =
  /^(?:@label=\S+ )?(?:PRIVMSG (?:#operations|alice|victor|bob) :[^\u0001]|NOTICE (?:alice|victor|bob) :\u0001VERSION switchdc\u0001$|PING |PONG |WHO #operations|NICK switchdc$|JOIN #operations$)/;

/** Bold, red and their end are ours. */
const FOREIGN_CONTROL = /(?!\u0002|\u0003\d\d|\u000f)[\u0000-\u001f\u007f]/;

test('10,000 lines of people neither end the bot nor put a word in its mouth, and are answered no more often than is polite', async () => {
  await using house = await HostileHouse.open('irc', (account) => ({ kind: 'irc', account }));
  await using tap = await Tap.open(ground.ircd.port);
  await using under = await ircChat(tap.port, {
    login: { mechanism: 'PLAIN', account: BOT.name, password: secret(BOT.password) },
  });
  house.answers(under.chat);
  await using alice = await typist('alice', ALICE);
  await using victor = await typist('victor', VICTOR);
  // The stranger bears the name of somebody who may approve.
  await using stranger = await typist('bob');
  const people = [alice, victor, stranger];
  await inChannel(alice.client);
  const before = tap.lines().length;
  const began = performance.now();

  const lines = hostileBytes(10_000);
  let from = 0;
  for (const [round, size] of SIZES.entries()) {
    if (size === MANY && SIZES[round - 1] !== MANY) house.countAnew();
    await house.pause();
    for (const [index, line] of lines.slice(from, from + size).entries())
      people[index % people.length]?.tap.says(spoken(line, from + index));
    from += size;
    for (const { client } of people) {
      client.says(OPERATIONS, `so much of ${client.nick}, ${from}`);
      await house.heardUntil(`so much of ${client.nick}, ${from}`);
    }
  }
  expect(from).toBe(lines.length);

  await house.pause();
  const [asked, answers] = [alice.client.lines.length, house.answersTo('alice')];
  alice.client.says(OPERATIONS, '!switchdc status');
  await eventually(() => house.answersTo('alice') > answers, 'the operator has an answer');
  await alice.client.sees(/^(?:@\S+ )?:switchdc!\S+ PRIVMSG #operations :.*\bruns?\b/i, 15_000, asked);

  expect([tap.connections, under.troubles, house.full.troubles, house.notDelivered]).toEqual([1, [], [], []]);
  expect(people.map(({ client }) => client.isOpen)).toEqual([true, true, true]);
  const written = tap.lines().slice(before);
  expect(written.filter((line) => !MAY_WRITE.test(line))).toEqual([]);
  expect(
    written.filter((line) => FOREIGN_CONTROL.test(line.replace(/^NOTICE \S+ :\u0001.*\u0001$/, ''))),
  ).toEqual([]);
  expect(written.filter((line) => line.length > 510)).toEqual([]);
  // Of the many who ask for its version two are told at once, then one in five seconds.
  const versions = written.filter((line) => line.startsWith('NOTICE'));
  expect(versions.length).toBeLessThanOrEqual(3 + (performance.now() - began) / 5_000);
  expect(house.answersTo('alice')).toBeLessThanOrEqual(house.mostToOne());
  expect(house.answersTo('victor')).toBeLessThanOrEqual(house.mostToOne());
  expect(house.answersTo('strangers')).toBeLessThanOrEqual(house.mostToStrangers());
  expect(await house.doers()).toEqual(['alice']);
}, 180_000);

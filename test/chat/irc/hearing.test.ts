import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { IrcOptions } from '../../../src/chat/irc/options.js';
import { say } from '../../../src/chat/message.js';
import { person } from '../../../src/domain/names.js';
import { eventually } from '../../support/eventually.js';
import { type ChatInTest, echoing, ircChat, listens, operations, RawServer, welcoming } from './support.js';

let server: RawServer;

beforeEach(async () => {
  server = await RawServer.open();
  server.answer = echoing;
});

afterEach(() => server[Symbol.asyncDispose]());

async function bot(over: Partial<IrcOptions> = {}): Promise<ChatInTest> {
  const under = listens(await ircChat(server.port, over));
  await under.chat.send(operations, say('here'), 'here');
  return under;
}

const hears = async (under: ChatInTest, ...lines: readonly string[]): Promise<void> => {
  const before = under.heard.length;
  server.write(lines.map((line) => `${line}\r\n`).join(''));
  await eventually(() => under.heard.length === before + lines.length, 'all of it is heard');
};

test('an account counts no more from the moment on at which the server withdraws its promise', async () => {
  await using under = await bot();
  await hears(under, '@account=alice :ally!a@h PRIVMSG #operations :!switchdc go');
  server.write(':raw.test CAP switchdc DEL :account-tag\r\n');
  await hears(under, '@account=alice :eve!e@h PRIVMSG #operations :!switchdc go');
  expect(under.heard.map(({ sender }) => sender)).toEqual([{ kind: 'irc', account: 'alice' }, undefined]);
});

test('the account is that of the line, whoever had the nick before', async () => {
  await using under = await bot();
  await hears(
    under,
    '@account=alice :ally!a@h PRIVMSG #operations :1',
    ':ally!a@h PRIVMSG #operations :2',
    '@account=bob :ally!a@h PRIVMSG #operations :3',
    '@account=0 :ally!a@h PRIVMSG #operations :4',
    '@+account=alice :eve!a@h PRIVMSG #operations :5',
  );
  expect(under.heard.map(({ sender }) => sender)).toEqual([
    { kind: 'irc', account: 'alice' },
    undefined,
    { kind: 'irc', account: 'bob' },
    undefined,
    undefined,
  ]);
});

test('each nick that is trusted is, where there are no accounts, and no other', async () => {
  server.answer = welcoming;
  await using under = await bot({ trustNicks: ['alice', 'bob', 'c[]'] });
  const nicks = ['alice', 'BOB', 'C{}', 'al', 'alice_', 'xbob'];
  await hears(under, ...nicks.map((nick) => `:${nick}!x@h PRIVMSG #operations :hi`));
  expect(under.heard.map(({ sender }) => sender)).toEqual([
    ...['alice', 'bob', 'c[]'].map((account) => ({ kind: 'irc', account })),
    ...[undefined, undefined, undefined],
  ]);
});

test('no nick is trusted on a network whose accounts are only away for a while', async () => {
  await using under = await bot({ trustNicks: ['alice'] });
  server.write(':raw.test CAP switchdc DEL :account-tag\r\n');
  await hears(under, ':alice!e@h PRIVMSG #operations :!switchdc go');
  expect(under.heard.map(({ sender }) => sender)).toEqual([undefined]);
});

test('a line was said when the server says, unless that cannot be', async () => {
  await using under = await bot();
  const at = new Date(Date.now() - 5_000);
  const begun = Date.now();
  await hears(
    under,
    `@time=${at.toISOString()} :a!b@c PRIVMSG #operations :1`,
    '@time=2019-01-01T00:00:00.000Z :a!b@c PRIVMSG #operations :2',
    '@time=soon :a!b@c PRIVMSG #operations :3',
    ':a!b@c PRIVMSG #operations :4',
  );
  const [told, ...others] = under.heard.map((line) => line.at as number);
  expect(told).toBe(at.getTime());
  for (const other of others) expect(other).toBeGreaterThanOrEqual(begun);
});

test('a line has the id that the server gives it, and one of its own where it gives none', async () => {
  await using under = await bot();
  await hears(
    under,
    '@msgid=m7 :a!b@c PRIVMSG #operations :1',
    ':a!b@c PRIVMSG #operations :2',
    ':a!b@c PRIVMSG #operations :2',
  );
  const [first, ...others] = under.heard.map(({ id }) => id);
  expect(first).toBe('m7');
  expect(new Set(others).size).toBe(2);
});

test('who joins with an account is called by their nick, and not by it once they log out', async () => {
  await using under = await bot({ accountOf: (name) => name.toLowerCase() });
  const call = (key: string): Promise<unknown> =>
    under.chat.send(operations, say({ mention: person('Alice') }), key);
  server.write(':ally!a@h JOIN #operations alice :Alice\r\nPING :joined\r\n');
  await eventually(() => server.lines().includes('PONG joined'), 'it is read');
  await call('1');
  server.write(':ally!a@h ACCOUNT *\r\n:ally!a@h JOIN #operations * :Alice\r\nPING :left\r\n');
  await eventually(() => server.lines().includes('PONG left'), 'it is read');
  await call('2');
  const said = server
    .lines()
    .flatMap((line) => /PRIVMSG #operations :\u0002(.*)\u000f/.exec(line)?.[1] ?? []);
  expect(said).toEqual(['ally', 'alice']);
});

test.each(['chathistory', 'znc.in/playback', 'draft/chathistory'])(
  'what is played back as %s is not heard again',
  async (type) => {
    await using under = await bot();
    server.write(
      `:raw.test BATCH +p ${type} #operations\r\n@batch=p;account=alice :a!b@c PRIVMSG #operations :!switchdc go\r\n`,
    );
    server.write(':raw.test BATCH -p\r\n');
    await hears(under, ':a!b@c PRIVMSG #operations :live');
    expect(under.heard.map(({ text }) => text)).toEqual(['live']);
  },
);

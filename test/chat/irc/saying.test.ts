import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NotSent } from '../../../src/chat/errors.js';
import type { IrcOptions } from '../../../src/chat/irc/options.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import type { Outbox } from '../../../src/chat/outbox.js';
import { outboxMigrations, sqliteOutbox } from '../../../src/chat/sqlite/sqlite-outbox.js';
import { instant } from '../../../src/domain/instant.js';
import { person } from '../../../src/domain/names.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { eventually } from '../../support/eventually.js';
import { type ChatInTest, echoing, ircChat, listens, operations, RawServer, welcoming } from './support.js';

let server: RawServer;
let outbox: Outbox;

beforeEach(async () => {
  server = await RawServer.open();
  server.answer = welcoming;
  outbox = sqliteOutbox(openDatabase(':memory:', outboxMigrations));
});

afterEach(() => server[Symbol.asyncDispose]());

const bot = async (over: Partial<IrcOptions> = {}): Promise<ChatInTest> =>
  listens(await ircChat(server.port, { outbox, ...over }));
const said = (): readonly string[] =>
  server.lines().flatMap((line) => /PRIVMSG (.*)$/.exec(line)?.slice(1) ?? []);

test('a long answer shows its beginning, and the rest goes to whoever asked', async () => {
  await using under = await bot({ mostLines: 3 });
  await eventually(() => server.lines().includes('JOIN #operations'), 'it joins');
  server.write(':alice!a@host.test PRIVMSG #operations :!switchdc list\r\n');
  await eventually(() => under.heard.length === 1, 'the question is heard');
  const items = Array.from({ length: 10 }, (_, index) => [`service ${index}`]);
  const answer = message('plain', { kind: 'list', items });
  await under.chat.send(operations, answer, `reply/irc/${under.heard[0]?.id ?? ''}`);
  await eventually(() => said().length === 11, 'all of it is said');
  expect(said()).toEqual([
    '#operations :- service 0',
    '#operations :- service 1',
    '#operations :more: 8 lines in a direct message to alice',
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((index) => `alice :- service ${index}`),
  ]);
});

test('of a long message that nobody asked for the channel is told where the rest is', async () => {
  await using under = await bot({ mostLines: 2, morePage: 'https://switchdc.test/' });
  const lines = ['a', 'b', 'c'];
  await under.chat.send(operations, message('plain', { kind: 'code', lines }), 'announcement');
  expect(said()).toEqual(['#operations :a', '#operations :more: https://switchdc.test/']);
});

test('of an announcement nothing is left out that has room when its lines are full', async () => {
  await using under = await bot({ mostLines: 2 });
  const words = [1, 2, 3, 4].map((line) => paragraph(`sentence ${line} ${'x'.repeat(150)}.`));
  await under.chat.send(operations, message('plain', ...words), 'announcement');
  expect(said()).toHaveLength(2);
  expect(
    said()
      .join(' ')
      .match(/sentence \d/g),
  ).toEqual([1, 2, 3, 4].map((line) => `sentence ${line}`));
});

test('the same key is said once', async () => {
  await using under = await bot();
  const refs = await Promise.all([1, 2].map(() => under.chat.send(operations, say('once'), 'announcement')));
  expect(await under.chat.send(operations, say('once'), 'announcement')).toEqual(refs[0]);
  expect(said()).toEqual(['#operations :once']);
});

test('what the server refuses was not sent, and says why', async () => {
  server.answer = (line) =>
    line.startsWith('PRIVMSG')
      ? [':raw.test 404 switchdc #operations :Cannot send to channel']
      : welcoming(line);
  await using under = await bot();
  const sending = under.chat.send(operations, say('x'), 'x');
  await expect(sending).rejects.toBeInstanceOf(NotSent);
  await expect(under.chat.send(operations, say('x'), 'y')).rejects.toThrow('Cannot send to channel');
  expect(outbox.waiting('irc')).toEqual([]);
});

test('an error that names nothing is about the line that it is labelled with', async () => {
  server.answer = (line) => {
    const [, label = '', text] = /^@label=(\S+) PRIVMSG #operations :(.*)$/.exec(line) ?? [];
    return text?.endsWith('b') === true
      ? [`@label=${label} :raw.test FAIL PRIVMSG NO_B :not that`]
      : echoing(line);
  };
  await using under = await bot();
  const sending = ['a', 'b', 'c'].map((text) =>
    under.chat.send(operations, message('alarm', { kind: 'code', lines: [text] }), text),
  );
  const sent = await Promise.allSettled(sending);
  expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(under.troubles.join()).toContain('the server refuses it: not that');
});

test('a message that a server which echoes swallows is not taken for sent, and is said again', async () => {
  let swallowed = 0;
  server.answer = (line) =>
    /PRIVMSG/.test(line) && (swallowed += 1) === 1 ? ['@label=s1 :raw.test ACK'] : echoing(line);
  await using under = await bot();
  const ref = await under.chat.send(operations, say('hello'), 'announcement');
  expect(said()).toEqual(['#operations :hello', '#operations :(again) hello']);
  expect(ref.id).toMatch(/^m-/);
  expect(await under.chat.findSent(operations, 'announcement', instant(0))).toEqual(ref);
});

test('a server that answers nothing to a line is asked, and the line said again', async () => {
  let swallowed = 0;
  server.answer = (line) => (/PRIVMSG/.test(line) && (swallowed += 1) === 1 ? [] : echoing(line));
  await using under = await bot();
  await under.chat.queue(operations, say('hello;'), 'reporter/41/1');
  await under.chat.send(operations, say('goodbye;'), 'reporter/41/2');
  expect(said()).toEqual(['#operations :hello;', '#operations :(again) hello;', '#operations :goodbye;']);
}, 20_000);

test('when more waits than anybody would read, the newest are said, and how many are not', async () => {
  server.answer = () => [];
  await using under = await bot();
  for (let index = 0; index < 300; index += 1)
    await under.chat.queue(operations, say(`n${index};`), `reporter/41/${index}`);
  server.answer = welcoming;
  server.drop();
  await eventually(() => said().join().includes('n299;'), 'the newest is said', 20_000);
  const text = said().join(' ');
  expect(text).toContain('(100 messages left out) n100; · n101;');
  expect([...text.matchAll(/n\d+;/g)]).toHaveLength(200);
}, 30_000);

test('what a process has left is said by the next one; a line of a run that went out is not repeated', async () => {
  const at = instant(Date.UTC(2026, 2, 25, 14, 0, 2));
  for (const key of ['reporter/41/1', 'milestone/1', 'reporter/41/2', 'milestone/2', 'gone/1'])
    outbox.put({
      key,
      to: key === 'gone/1' ? { platform: 'irc', channel: '#left' } : operations,
      message: say(`${key};`),
      at,
    });
  outbox.written(['reporter/41/1', 'milestone/1']);
  outbox.sent(['milestone/2'], 'before');
  await using under = await bot();
  await eventually(() => said().length === 2, 'it is said');
  expect(said()).toEqual([
    '#operations :[14:00:02] (again) milestone/1;',
    '#operations :[14:00:02] reporter/41/2;',
  ]);
  await eventually(() => outbox.waiting('irc').length === 0, 'nothing is left');
  expect(under.troubles).toEqual([]);
  // A reporter that does not know how far it came tells it once more.
  await under.chat.queue(operations, say('reporter/41/1;'), 'reporter/41/1');
  await under.chat.send(operations, say('the end;'), 'milestone/3');
  expect(said().slice(2)).toEqual(['#operations :the end;']);
});

test('on a disk that is full an alarm is said all the same', async () => {
  const full = (): never => {
    throw new Error('disk full');
  };
  await using under = await bot({ outbox: { ...outbox, put: full, written: full, sent: full } });
  await under.chat.send(operations, message('alarm', paragraph('look here')), 'alarm');
  expect(said()).toEqual(['#operations :\u0002\u000304ALARM: \u000flook here']);
  expect(under.troubles.join()).toContain('the outbox cannot be written: disk full');
});

test('where the disk cannot be read it is told, and said all the same', async () => {
  const find: Outbox['find'] = () => {
    throw new Error('disk I/O error');
  };
  await using under = await bot({ outbox: { ...outbox, find } });
  await under.chat.send(operations, say('a'), 'a');
  expect(said()).toEqual(['#operations :a']);
  expect(under.troubles).toContain('IRC: the outbox cannot be read: disk I/O error');
});

test('an answer is never written to the outbox', async () => {
  const kept: string[] = [];
  const put: Outbox['put'] = (entry) => {
    kept.push(entry.key);
    outbox.put(entry);
  };
  await using under = await bot({ outbox: { ...outbox, put } });
  await under.chat.send(operations, say('a'), 'reply/irc/1');
  await under.chat.send(operations, say('b'), 'b');
  expect(kept).toEqual(['b']);
});

test('people are called by the nick that their account has now', async () => {
  server.answer = echoing;
  await using under = await bot({ accountOf: (name) => (name === 'Alice' ? 'alice' : undefined) });
  const call = (key: string): Promise<unknown> =>
    under.chat.send(operations, say({ mention: person('Alice') }, ': your turn'), key);
  await call('1');
  server.write(
    '@account=alice :ally!a@host.test PRIVMSG #operations :hi\r\n:ally!a@host.test NICK alley\r\n',
  );
  await eventually(() => under.heard.length === 1, 'she is heard');
  await call('2');
  expect(await under.chat.directTo?.({ kind: 'irc', account: 'Alice' })).toEqual({
    platform: 'irc',
    channel: 'alley',
  });
  expect(await under.chat.directTo?.({ kind: 'unix', user: 'alice' })).toBeUndefined();
  server.write(':alley!a@host.test QUIT :bye\r\nPING :end\r\n');
  await eventually(() => server.lines().includes('PONG end'), 'she has gone');
  await call('3');
  expect(said()).toEqual(
    ['alice', 'alley', 'alice'].map((nick) => `#operations :\u0002${nick}\u000f: your turn`),
  );
});

test('nicks are trusted only where they are named and the server has no accounts, and loudly', async () => {
  await using under = await bot({ trustNicks: ['alice'] });
  await under.chat.send(operations, say('here'), 'here');
  expect(under.troubles.join()).toContain(
    'trustNicks IS SET: whoever takes one of the nicks alice IS that person',
  );
  server.write(':Alice!a@h.test PRIVMSG #operations :a\r\n:bob!b@h.test PRIVMSG #operations :b\r\n');
  await eventually(() => under.heard.length === 2, 'both are heard');
  expect(under.heard.map(({ sender }) => sender)).toEqual([{ kind: 'irc', account: 'alice' }, undefined]);
});

test('where the server has accounts no nick is trusted', async () => {
  server.answer = echoing;
  await using under = await bot({ trustNicks: ['alice'] });
  await under.chat.send(operations, say('here'), 'here');
  expect(under.troubles).toEqual([]);
  server.write(
    ':alice!a@h.test PRIVMSG #operations :a\r\n@account=* :bob!b@h.test PRIVMSG #operations :b\r\n',
  );
  await eventually(() => under.heard.length === 2, 'both are heard');
  expect(under.heard.map(({ sender }) => sender)).toEqual([undefined, undefined]);
});

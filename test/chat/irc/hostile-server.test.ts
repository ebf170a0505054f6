import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { type ChatInTest, ircChat, listens, operations, RawServer, welcoming } from './support.js';

let server: RawServer;
let under: ChatInTest;

beforeEach(async () => {
  server = await RawServer.open();
  server.answer = welcoming;
  under = listens(await ircChat(server.port));
  await under.chat.send(operations, say('here'), 'first');
  server.bytes = Buffer.alloc(0);
});

afterEach(async () => {
  await under[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Sends, then waits until everything was read. */
async function serverSays(...lines: readonly (string | Buffer)[]): Promise<void> {
  for (const line of lines) server.write(Buffer.concat([Buffer.from(line), Buffer.from('\r\n')]));
  const mark = `end-${Math.random()}`;
  server.write(`PING :${mark}\r\n`);
  await eventually(() => server.lines().includes(`PONG ${mark}`), 'everything was read', 30_000);
}

const COMMANDS = [
  ...['PRIVMSG', 'NOTICE', 'JOIN', 'PART', 'KICK', 'MODE', 'NICK', 'TOPIC', 'PING', 'PONG', 'CAP', 'BATCH'],
  ...['AUTHENTICATE', 'ACCOUNT', 'CHGHOST', 'AWAY', 'INVITE', 'WALLOPS', 'TAGMSG', 'SETNAME', 'FAIL'],
  ...[
    '001',
    '002',
    '003',
    '004',
    '005',
    '251',
    '311',
    '312',
    '313',
    '317',
    '318',
    '319',
    '324',
    '329',
    '332',
    '333',
  ],
  ...[
    '341',
    '346',
    '352',
    '353',
    '354',
    '364',
    '366',
    '367',
    '372',
    '375',
    '376',
    '391',
    '396',
    '401',
    '403',
    '404',
  ],
  ...[
    '421',
    '432',
    '433',
    '437',
    '471',
    '473',
    '474',
    '475',
    '477',
    '670',
    '730',
    '900',
    '901',
    '903',
    '906',
    '908',
  ],
];

const word = fc.oneof(
  fc.constantFrom(
    'switchdc',
    '#operations',
    '*',
    'LS',
    'ACK',
    'NAK',
    'NEW',
    'DEL',
    '+1',
    '-1',
    '=',
    '',
    '+b',
    '%',
  ),
  fc.constantFrom(
    'CHANMODES',
    'PREFIX',
    'PREFIX=',
    'STATUSMSG',
    'CLIENTTAGDENY',
    'CHANTYPES',
    'sasl',
    'account-tag',
  ),
  fc.constantFrom(
    '\u0001VERSION\u0001',
    '\u0001ACTION\u0001',
    '\u0001\u0001',
    '\u0001',
    ':',
    '!switchdc next',
  ),
  fc.string({ maxLength: 20 }),
);
const tags = fc.constantFrom(
  '',
  '',
  '@account=alice ',
  '@batch=1 ',
  '@time=nonsense ',
  '@= ',
  '@;;\\ ',
  '@__proto__=1 ',
);
const source = fc.constantFrom(
  '',
  ':x!y@z ',
  ':irc.test ',
  ':! ',
  ':@ ',
  ':switchdc!a@b ',
  ': ',
  ':__proto__ ',
);

const hostileLine = fc.oneof(
  fc
    .tuple(tags, source, fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 6 }))
    .map(([tag, from, command, words]) =>
      `${tag}${from}${command}${words.map((one) => ` ${one}`).join('')}`.replace(/[\r\n]/g, ''),
    ),
  fc.string({ unit: 'binary', maxLength: 600 }).map((text) => text.replace(/[\r\n]/g, '')),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13))),
);

test('of 10,000 random and hostile lines none ends the process, puts a command in our mouth or starts a storm', async () => {
  const lines = fc.sample(hostileLine, { numRuns: 10_000, seed: 20_260_325 });
  for (let from = 0; from < lines.length; from += 500) await serverSays(...lines.slice(from, from + 500));
  const said = server.lines().filter((line) => !/^(PONG|PING)/.test(line));
  const allowed =
    /^(CAP (REQ|END|LS)|JOIN #operations$|NICK switchdc|USER |AUTHENTICATE |PROTOCTL NAMESX|PART |NOTICE x :\u0001VERSION switchdc\u0001$|PRIVMSG (#operations|NickServ) :)/;
  expect(said.filter((line) => !allowed.test(line))).toEqual([]);
  expect(said.filter((line) => line.startsWith('NOTICE')).length).toBeLessThanOrEqual(5);
  // It is as good as new on the next connection.
  server.drop();
  await under.chat.send(operations, say('still here'), 'last');
  expect(server.lines().at(-2)).toContain('still here');
}, 120_000);

test.each([
  'PRIVMSG',
  ':a!b@c PRIVMSG',
  ':a!b@c PRIVMSG #operations',
  ':a!b@c JOIN',
  ':a!b@c KICK #operations',
  ':a!b@c NICK',
  'CAP',
  'CAP * LS',
  '005',
  ':raw.test 005 switchdc CHANMODES :are supported',
  '352 switchdc',
  '900',
  'BATCH',
  '@batch=no :a!b@c PRIVMSG #operations :x',
])('a line that lacks what it needs is left out: %s', async (line) => {
  await serverSays(line, ':alice!a@host.test PRIVMSG #operations :!switchdc next');
  await eventually(() => under.heard.some(({ text }) => text === '!switchdc next'), 'the next line is heard');
  expect(server.connections).toBe(1);
});

/** Bytes of buffers that somebody still holds. */
function buffersHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

test('a line without an end fills no memory, and the next one is heard', async () => {
  const before = buffersHeld();
  for (let sent = 0; sent < 40; sent += 1) server.write('x'.repeat(1_000_000));
  await eventually(() => server.isSent, 'all of it is on its way', 20_000);
  await eventually(() => buffersHeld() - before < 15_000_000, 'nothing of it is held');
  await serverSays('', ':alice!a@host.test PRIVMSG #operations :after it');
  await eventually(() => under.heard.some(({ text }) => text === 'after it'), 'the next line is heard');
}, 30_000);

test('what a server plays back was said before, and is not said to us again', async () => {
  await serverSays(
    ':raw.test BATCH +1 chathistory #operations',
    '@batch=1 :alice!a@host.test PRIVMSG #operations :!switchdc go 41',
    ':raw.test BATCH -1',
    ':raw.test BATCH +2 netjoin',
    '@batch=2 :alice!a@host.test PRIVMSG #operations :live',
  );
  await eventually(() => under.heard.some(({ text }) => text === 'live'), 'what is live is heard');
  expect(under.heard.map(({ text }) => text)).toEqual(['live']);
});

test('a tag of an account counts only while the server has promised to send it', async () => {
  await serverSays('@account=alice :alice!a@host.test PRIVMSG #operations :who am I');
  await eventually(() => under.heard.length === 1, 'it is heard');
  expect(under.heard[0]).toMatchObject({ sender: undefined, calledThere: 'alice' });
});

test('CTCP VERSION is answered a few times and not to everybody who asks at once', async () => {
  const asked = Array.from(
    { length: 100 },
    (_, index) => `:n${index}!u@h PRIVMSG switchdc :\u0001VERSION\u0001`,
  );
  await serverSays(...asked);
  const answers = server.lines().filter((line) => line.startsWith('NOTICE'));
  expect(answers).toEqual([
    'NOTICE n0 :\u0001VERSION switchdc\u0001',
    'NOTICE n1 :\u0001VERSION switchdc\u0001',
  ]);
});

test('notices, servers, actions and our own echo are nobody who says something', async () => {
  await serverSays(
    ':a!b@c NOTICE #operations :!switchdc next',
    ':raw.test PRIVMSG #operations :!switchdc next',
    ':a!b@c PRIVMSG #operations :\u0001ACTION !switchdc next\u0001',
    ':switchdc!b@c PRIVMSG #operations :!switchdc next',
    ':a!b@c PRIVMSG #elsewhere :!switchdc next',
    ':a!b@c PRIVMSG @#Operations :\u0002!switchdc\u000f \u000304,01next',
    ':a!b@c PRIVMSG SwitchDC :directly',
  );
  await eventually(() => under.heard.length === 2, 'two are heard');
  expect(under.heard).toMatchObject([
    { from: operations, text: '!switchdc next' },
    { from: { platform: 'irc', channel: 'a' }, text: '!switchdc directly' },
  ]);
});

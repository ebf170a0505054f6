import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { defaultTimes } from '../../../src/chat/irc/options.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { ircChat, operations, RawServer, secret, welcoming } from './support.js';

let server: RawServer;

beforeEach(async () => {
  server = await RawServer.open();
  server.answer = welcoming;
});

afterEach(() => server[Symbol.asyncDispose]());

const written = (start: string): readonly string[] => server.lines().filter((line) => line.startsWith(start));

/** A server that has logins, up to the one that it asks for. */
const offeringLogin = (line: string): readonly string[] => {
  if (line.startsWith('CAP LS')) return [':raw.test CAP * LS :sasl=PLAIN account-tag'];
  if (line.startsWith('CAP REQ'))
    return [`:raw.test CAP * ACK :${line.slice('CAP REQ :'.length)}`, 'AUTHENTICATE +'];
  if (line === 'CAP END') return welcoming('USER');
  return line.startsWith('USER') ? [] : welcoming(line);
};

test('the password of the server is not given to the services, with a login or without', async () => {
  server.answer = offeringLogin;
  {
    await using under = await ircChat(server.port, { serverPassword: secret('planted-for-the-server') });
    await under.chat.send(operations, say('here'), 'here');
    expect(written('PASS')).toEqual(['PASS planted-for-the-server']);
    expect(written('AUTHENTICATE')).toEqual([]);
  }
  server.bytes = Buffer.alloc(0);
  const login = { mechanism: 'PLAIN', account: 'bot', password: secret('for-the-account') } as const;
  await using under = await ircChat(server.port, { serverPassword: secret('planted-for-the-server'), login });
  await eventually(() => written('AUTHENTICATE').length === 2, 'it logs in');
  const proof = Buffer.from('bot\0bot\0for-the-account').toString('base64');
  expect(written('AUTHENTICATE')).toEqual(['AUTHENTICATE PLAIN', `AUTHENTICATE ${proof}`]);
  expect(under.troubles).toEqual([]);
});

test.each(['432', '433', '436', '437'])(
  'a nick that is refused with %s is worked around',
  async (numeric) => {
    server.answer = (line) => {
      if (line === 'NICK switchdc') return [`:raw.test ${numeric} * switchdc :not this one`];
      if (line === 'NICK switchdc_') return [`:raw.test ${numeric} * switchdc_ :not this one`];
      if (line === 'NICK switchdc__') return [':raw.test 001 switchdc__ :Welcome'];
      if (line.startsWith('USER')) return [];
      return welcoming(line).map((answer) => answer.replace(':switchdc!', ':switchdc__!'));
    };
    await using under = await ircChat(server.port);
    await under.chat.send(operations, say('here'), 'here');
    expect(under.troubles.join()).toContain('the bot is switchdc__ until then');
  },
);

test('what the bot is called by, and what it answers with, is one line whatever it is', async () => {
  const evil = 'x\r\nJOIN #evil\r\n\0:';
  await using under = await ircChat(server.port, { realName: evil, version: evil });
  await under.chat.send(operations, say('here'), 'here');
  server.write(':a!b@c PRIVMSG switchdc :\u0001VERSION\u0001\r\nPING :end\r\n');
  await eventually(() => server.lines().includes('PONG end'), 'it has answered');
  expect(written('JOIN')).toEqual(['JOIN #operations']);
  expect(written('NOTICE')).toHaveLength(1);
  expect(under.troubles).toEqual([]);
});

test('unless told otherwise the bot is as slow as servers ask for, and tries at least once a minute', async () => {
  await using under = await ircChat(server.port, { flood: {} });
  await under.chat.send(operations, say('here'), 'here');
  const begun = performance.now();
  const alarms = Array.from({ length: 8 }, (_, index) =>
    under.chat.send(operations, message('alarm', paragraph(`alarm ${index}`)), `alarm/${index}`),
  );
  await Promise.all(alarms);
  // Nine lines with the first one: five at once and one a second.
  expect(performance.now() - begun).toBeGreaterThan(2_500);
  expect(defaultTimes.longestWait).toBe(60_000);
}, 20_000);

test('every channel is joined, spoken to and listened to', async () => {
  const channels = ['#operations', '#announcements', '#sal'];
  await using under = await ircChat(server.port, { channels });
  for (const channel of channels) await under.chat.send({ platform: 'irc', channel }, say('here'), channel);
  expect(written('JOIN')).toEqual(channels.map((channel) => `JOIN ${channel}`));
  expect(written('PRIVMSG')).toEqual(channels.map((channel) => `PRIVMSG ${channel} :here`));
  const stop = new AbortController();
  const heard: string[] = [];
  const reading = (async () => {
    for await (const { from } of under.chat.incoming(stop.signal)) heard.push(from.channel);
  })();
  for (const channel of channels) server.write(`:a!b@c PRIVMSG ${channel.toUpperCase()} :!switchdc next\r\n`);
  await eventually(() => heard.length === 3, 'all are heard');
  stop.abort();
  await reading;
  expect(heard).toEqual(channels);
});

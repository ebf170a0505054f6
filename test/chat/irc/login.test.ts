import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { openIrcChat } from '../../../src/chat/irc/irc-chat.js';
import type { IrcOptions } from '../../../src/chat/irc/options.js';
import { say } from '../../../src/chat/message.js';
import { outboxMigrations, sqliteOutbox } from '../../../src/chat/sqlite/sqlite-outbox.js';
import { systemClock } from '../../../src/domain/clock.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { eventually } from '../../support/eventually.js';
import {
  type AccountGround,
  accountGround,
  BOT,
  inChannel,
  ircChat,
  loggedIn,
  operations,
  OPERATIONS,
  personWith,
  RawServer,
  secret,
} from './support.js';

describe('on a network with accounts', () => {
  let accounts: AccountGround;

  beforeAll(async () => {
    accounts = await accountGround();
  }, 60_000);

  afterAll(async () => accounts[Symbol.asyncDispose]());

  const tls = (): IrcOptions['tls'] => ({
    authority: accounts.ircd.certificates.authority,
    name: 'irc.lab.test',
  });

  test('a certificate lets the bot in as well as a password, and others see its account', async () => {
    const { client } = accounts.ircd.certificates;
    await using under = await ircChat(accounts.ircd.tlsPort, {
      tls: { ...tls(), client: { certificate: client.certificate, key: secret(client.key) } },
      login: { mechanism: 'EXTERNAL' },
    });
    await using alice = await personWith(accounts.ircd.port, 'alice1');
    await inChannel(alice);
    alice.write('WHOIS switchdc');
    expect(await alice.sees(/ 330 /)).toContain(' switchdc switchdc :is logged in as');
    expect(under.troubles).toEqual([]);
  });

  test('a wrong password is told, tried again, and never gets the bot in without its account', async () => {
    await using watcher = await personWith(accounts.ircd.port, 'watcher');
    await using under = await ircChat(accounts.ircd.tlsPort, {
      tls: tls(),
      login: { mechanism: 'PLAIN', account: BOT.name, password: secret('planted-wrong-password') },
    });
    await eventually(() => under.troubles.length > 0, 'the trouble is told');
    expect(under.troubles[0]).toMatch(/the login was refused \(fail\): look at the account and its password/);
    expect(inspect([under.troubles, under.chat], { depth: 12 })).not.toContain('planted-wrong-password');
    // It goes on trying all the while, and nobody is told the same twice.
    await expect(under.chat.send(operations, say('x'), 'x')).rejects.toThrow('the login was refused');
    expect(watcher.lines.filter((line) => /switchdc\S* JOIN/.test(line))).toEqual([]);
    expect(under.troubles).toHaveLength(1);
  }, 30_000);

  test('where the services are down the bot waits for them instead of coming in without', async () => {
    await using alice = await personWith(accounts.ircd.port, 'alice1');
    await accounts.services.server.stop();
    await using under = await ircChat(accounts.ircd.tlsPort, loggedIn(accounts));
    await eventually(() => under.troubles.length > 0, 'the trouble is told');
    expect(under.troubles[0]).toMatch(
      /the login was refused \((capability_missing|the server went on without it)\)/,
    );
    expect(alice.lines.filter((line) => /switchdc\S* JOIN/.test(line))).toEqual([]);
    await accounts.services.server.start();
    await inChannel(alice);
    await eventually(() => under.troubles.some((text) => text.startsWith('IRC is back after')), 'it is told');
  }, 60_000);

  test('logged out by the services, the bot leaves and comes back logged in', async () => {
    await using alice = await personWith(accounts.ircd.port, 'alice1');
    await using under = await ircChat(accounts.ircd.tlsPort, loggedIn(accounts));
    await inChannel(alice);
    await under.chat.send({ platform: 'irc', channel: 'NickServ' }, say('LOGOUT'), 'logout');
    await alice.sees(/^:switchdc\S* QUIT/);
    await eventually(() => under.troubles.some((text) => text.includes('logged the bot out')), 'it is told');
    await inChannel(alice);
  }, 30_000);

  test('a certificate of an authority that is not ours is not trusted', async () => {
    await using under = await ircChat(accounts.ircd.tlsPort, { tls: { name: 'irc.lab.test' } });
    await eventually(() => under.troubles.length > 0, 'the trouble is told');
    expect(under.troubles[0]).toMatch(/unable to verify|self.signed|local issuer/);
  });

  test('a certificate for another name is not trusted', async () => {
    const authority = accounts.ircd.certificates.authority;
    await using under = await ircChat(accounts.ircd.tlsPort, { tls: { authority, name: 'irc.other.test' } });
    await eventually(() => under.troubles.length > 0, 'the trouble is told');
    expect(under.troubles[0]).toContain("does not match certificate's altnames");
  });
});

describe('on a server that cheats', () => {
  const login = { mechanism: 'PLAIN', account: 'switchdc', password: secret('planted') } as const;

  /** A server up to the login; `cheat` answers what comes after CAP LS. */
  async function cheated(cheat: (line: string) => readonly string[]): Promise<readonly string[]> {
    await using server = await RawServer.open();
    server.answer = (line) =>
      line.startsWith('CAP LS') ? [':raw.test CAP * LS :sasl=PLAIN account-tag'] : cheat(line);
    await using under = await ircChat(server.port, { login, times: { welcomeWithin: 1_000 } });
    await eventually(() => under.troubles.length > 0, 'the trouble is told');
    expect(server.lines().filter((line) => line.startsWith('JOIN'))).toEqual([]);
    return under.troubles;
  }

  const welcome = ':raw.test 001 switchdc :Welcome';

  test('refusing all capabilities at once is a login that failed', async () => {
    const troubles = await cheated((line) =>
      line.startsWith('CAP REQ')
        ? [`:raw.test CAP * NAK :${line.slice('CAP REQ :'.length)}`]
        : line.startsWith('CAP END')
          ? [welcome]
          : [],
    );
    expect(troubles[0]).toContain('the login was refused (the server went on without it)');
  });

  test('a welcome in the middle of the login is a login that failed', async () => {
    const troubles = await cheated((line) => (line.startsWith('CAP REQ') ? [welcome] : []));
    expect(troubles[0]).toContain('the login was refused (the server went on without it)');
  });

  test('an aborted login is a login that failed', async () => {
    const troubles = await cheated((line) =>
      line.startsWith('CAP REQ')
        ? [':raw.test CAP * ACK :sasl account-tag', 'AUTHENTICATE +', ':raw.test 906 * :aborted', welcome]
        : [],
    );
    expect(troubles[0]).toContain('the login was refused (the server went on without it)');
  });

  test('silence is not waited for', async () => {
    expect((await cheated(() => []))[0]).toContain('the server did not welcome the bot in time');
  });

  test('the negotiation is not ended before the server says that the login worked', async () => {
    await using server = await RawServer.open();
    server.answer = (line) =>
      line.startsWith('CAP LS')
        ? [':raw.test CAP * LS :sasl=PLAIN']
        : line.startsWith('CAP REQ')
          ? [
              ':raw.test CAP * ACK :sasl',
              'AUTHENTICATE +',
              ':raw.test 900 * *!*@* switchdc :You are now logged in',
            ]
          : [];
    await using under = await ircChat(server.port, { login });
    await eventually(
      () => server.lines().some((line) => /^AUTHENTICATE \S{8}/.test(line)),
      'the password comes',
    );
    server.write('PING :a\r\n');
    await eventually(() => server.lines().includes('PONG a'), 'the 900 was read');
    expect(server.lines()).not.toContain('CAP END');
    server.write(':raw.test 903 * :SASL authentication successful\r\n');
    await eventually(() => server.lines().includes('CAP END'), 'the negotiation ends');
    expect(under.troubles).toEqual([]);
  });
});

test.each([
  [
    { host: 'irc.example.org', login: { mechanism: 'PLAIN', account: 'a', password: secret('b') } },
    'needs TLS',
  ],
  [{ host: 'irc.example.org', serverPassword: secret('b') }, 'needs TLS'],
  [
    { host: 'irc.example.org', channelKeys: [{ channel: OPERATIONS, key: secret('planted-key') }] },
    'needs TLS',
  ],
  [
    { channelKeys: [{ channel: OPERATIONS, key: secret('planted,key') }] },
    'the key of #operations cannot be',
  ],
  [{ channelKeys: [{ channel: OPERATIONS, key: secret('planted\r\nQUIT') }] }, 'cannot be a key'],
  [{ tls: {}, login: { mechanism: 'EXTERNAL' } }, 'needs TLS with a client certificate'],
  [{ channels: ['#a\r\nQUIT'] }, 'not a channel'],
  [{ channels: ['#a,#b'] }, 'not a channel'],
  [{ nick: 'a b' }, 'not a nick'],
] as const)('what cannot be safe is refused: %j', async (over, because) => {
  const opening = openIrcChat({
    ...{ host: '127.0.0.1', port: 1, nick: 'switchdc', channels: [OPERATIONS], prefix: '!switchdc' },
    outbox: sqliteOutbox(openDatabase(':memory:', outboxMigrations)),
    clock: systemClock(),
    trouble: () => undefined,
    accountOf: () => undefined,
    ...over,
  });
  await expect(opening).rejects.toThrow(because);
});

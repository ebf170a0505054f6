import { createSocket } from 'node:dgram';
import dnsPacket, { type Packet } from 'dns-packet';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.js';
import { datacenter } from '../../../src/domain/names.js';
import type { AuthoritativeServer } from '../../../src/dns/resolver/asking.js';
import { type ResolverDnsOptions, resolverDns } from '../../../src/dns/resolver/resolver-dns.js';
import { FakeNameServer, type Query, answerTo, datagram } from '../../support/fake-name-server.js';

const north = datacenter('north');
const { signal } = new AbortController();

function reader(server: AuthoritativeServer, change: Partial<ResolverDnsOptions> = {}) {
  return resolverDns({
    clock: systemClock(),
    servers: [server],
    zone: 'discovery.test',
    clients: { north: '10.1.0.0/16' },
    addresses: { wiki: { north: '10.2.1.1', south: '10.2.2.1' } },
    excluded: [],
    resendAfter: 40,
    giveUpAfter: 5_000,
    ...change,
  });
}

/** What is made of a server that answers each datagram like this. */
async function answerOf(overUdp: (query: Query) => void, change: Partial<ResolverDnsOptions> = {}) {
  await using server = await FakeNameServer.open(overUdp);
  const [answer] = await reader(server.place, change).ask(['wiki'], [north], signal);
  return answer?.answer;
}

const right = { answered: true, address: '10.2.1.1', ttl: 300_000 };
const soon = { giveUpAfter: 120 };

describe('a query', () => {
  test('asks for the full name, without recursion, for the clients of the datacenter', async () => {
    await using server = await FakeNameServer.open((query) => query.reply(datagram(answerTo(query))));
    await reader(server.place).ask(['wiki'], [north], signal);
    const [query] = server.queries;
    expect(query?.asked.questions).toEqual([{ name: 'wiki.discovery.test', type: 'A', class: 'IN' }]);
    expect(query?.asked.flag_rd).toBe(false);
    expect(query?.asked.additionals).toMatchObject([
      {
        type: 'OPT',
        options: [{ type: 'CLIENT_SUBNET', family: 1, sourcePrefixLength: 16, ip: '10.1.0.0' }],
      },
    ]);
  });

  test('that is lost is sent again', async () => {
    let lost = 0;
    const answer = await answerOf((query) => {
      if (lost < 3) lost += 1;
      else query.reply(datagram(answerTo(query)));
    });
    expect(answer).toEqual(right);
    expect(lost).toBe(3);
  });

  test('goes out with ids that differ, over few sockets, however many there are', async () => {
    await using server = await FakeNameServer.open((query) => query.reply(datagram(answerTo(query))));
    const records = Array.from({ length: 250 }, (_, number) => `record-${number}`);
    const answers = await reader(server.place).ask(records, [north], signal);
    expect(answers.map(({ record }) => record)).toEqual(records);
    expect(answers.filter(({ answer }) => !answer.answered)).toEqual([]);
    expect(new Set(server.queries.map(({ from }) => from)).size).toBe(3);
    const ids = server.queries.map(({ asked, from }) => `${from} ${asked.id} ${asked.questions?.[0]?.name}`);
    expect(new Set(server.queries.map(({ asked, from }) => `${from} ${asked.id}`)).size).toBe(
      new Set(ids).size,
    );
  });

  test('ends at once with its signal', async () => {
    const stop = new AbortController();
    await using server = await FakeNameServer.open(() => stop.abort(new Error('nobody waits any more')));
    await expect(reader(server.place).ask(['wiki'], [north], stop.signal)).rejects.toThrow('nobody waits');
    await expect(reader(server.place).ask(['wiki'], [north], stop.signal)).rejects.toThrow('nobody waits');
  });
});

describe('what is no answer to the question is ignored, and the answer still counts:', () => {
  const wrong = (query: Query, change: Packet): Buffer => datagram(answerTo(query, change, '10.66.6.6'));
  test.each<[string, (query: Query) => Buffer]>([
    ['a foreign id', (query) => wrong(query, { id: ((query.asked.id ?? 0) + 1) % 0x1_0000 })],
    ['another name', (query) => wrong(query, { questions: [{ name: 'other.discovery.test', type: 'A' }] })],
    ['another type', (query) => wrong(query, { questions: [{ name: 'wiki.discovery.test', type: 'AAAA' }] })],
    ['no question', (query) => wrong(query, { questions: [] })],
    ['a query', (query) => wrong(query, { type: 'query' })],
    ['noise', () => Buffer.from('\u0000\u0001 noise')],
    ['nothing', () => Buffer.alloc(0)],
    ['an answer that is cut', (query) => datagram(answerTo(query, {}, '10.66.6.6')).subarray(0, -20)],
  ])('%s', async (_, message) => {
    const answer = await answerOf((query) => {
      query.reply(message(query));
      query.reply(datagram(answerTo(query)));
    });
    expect(answer).toEqual(right);
  });

  test('what comes from another port, with everything else right', async () => {
    const stranger = createSocket('udp4');
    const answer = await answerOf((query) => {
      stranger.send(datagram(answerTo(query, {}, '10.66.6.6')), query.from, '127.0.0.1', () =>
        query.reply(datagram(answerTo(query))),
      );
    });
    stranger.close();
    expect(answer).toEqual(right);
  });

  test('a second answer', async () => {
    const answer = await answerOf((query) => {
      query.reply(datagram(answerTo(query)));
      query.reply(datagram(answerTo(query, {}, '10.66.6.6')));
    });
    expect(answer).toEqual(right);
  });
});

describe('not answered, with the server and the reason:', () => {
  const withOption = (query: Query, option: object): Packet => {
    const [opt] = query.asked.additionals ?? [];
    return {
      additionals: [{ ...opt, options: [{ code: 8, family: 1, scopePrefixLength: 0, ...option }] } as never],
    };
  };
  test.each<[string, string, (query: Query) => Packet]>([
    ['a failure of the server', 'ns0 answers SERVFAIL for wiki.discovery.test', () => ({ flags: 2 })],
    ['a name that there is not', 'ns0 answers NXDOMAIN for wiki.discovery.test', () => ({ flags: 3 })],
    [
      'a cache in place of an authority',
      'ns0 has no authority over wiki.discovery.test: it is a cache, or lacks the zone',
      () => ({ flags: dnsPacket.RECURSION_AVAILABLE }),
    ],
    ['no address', 'ns0 has no A record for wiki.discovery.test', () => ({ answers: [] })],
    [
      'an address of something else',
      'ns0 has no A record for wiki.discovery.test',
      () => ({ answers: [{ type: 'A', name: 'other.discovery.test', data: '10.66.6.6' }] }),
    ],
    [
      'several addresses',
      'ns0 gives several addresses for wiki.discovery.test: 10.2.1.1 and 10.2.2.1',
      ({ asked }) => ({
        answers: ['10.2.1.1', '10.2.2.1'].map((data) => ({
          type: 'A',
          name: asked.questions?.[0]?.name ?? '',
          data,
        })),
      }),
    ],
    [
      'an answer for whoever asks',
      'ns0 does not heed the client subnet (10.1.0.0/16): its answer is for us alone',
      () => ({ additionals: [] }),
    ],
    [
      'an answer for somebody else',
      'ns0 answered for 10.7.0.0/16 and not for 10.1.0.0/16',
      (query) => withOption(query, { sourcePrefixLength: 16, ip: '10.7.0.0' }),
    ],
    [
      'an answer for a part of the clients',
      'ns0 tells networks of /24 apart within 10.1.0.0/16: configure a narrower one',
      (query) => withOption(query, { sourcePrefixLength: 16, scopePrefixLength: 24, ip: '10.1.0.0' }),
    ],
  ])('%s', async (_, because, change) => {
    expect(await answerOf((query) => query.reply(datagram(answerTo(query, change(query)))))).toEqual({
      answered: false,
      because,
    });
  });

  test('silence', async () => {
    await using server = await FakeNameServer.open(() => undefined);
    const [answer] = await reader(server.place, soon).ask(['wiki'], [north], signal);
    const { port } = server.place;
    expect(answer?.answer).toEqual({
      answered: false,
      because: `ns0 at 127.0.0.1:${port} did not answer within 0.1 s`,
    });
    // An answer that comes now finds nobody.
    server.queries[0]?.reply(datagram(answerTo(server.queries[0])));
  });

  test('a port where nothing listens', async () => {
    const server = await FakeNameServer.open(() => undefined);
    await server[Symbol.asyncDispose]();
    const [answer] = await reader(server.place).ask(['wiki'], [north], signal);
    expect(answer?.answer).toEqual({
      answered: false,
      because: `ns0 at 127.0.0.1:${server.place.port} refuses: nothing listens there`,
    });
  });

  test('a datacenter whose clients are not known, while the others are asked', async () => {
    await using server = await FakeNameServer.open((query) => query.reply(datagram(answerTo(query))));
    const answers = await reader(server.place).ask(['wiki', 'other'], [datacenter('south'), north], signal);
    expect(answers.map(({ record, clientIn, answer }) => [record, clientIn, answer])).toEqual(
      ['wiki', 'other'].flatMap((record) => [
        [record, 'south', { answered: false, because: 'no client subnet of south is configured' }],
        [record, 'north', right],
      ]),
    );
  });
});

describe('an answer that does not fit into a datagram', () => {
  const truncated = (query: Query): void =>
    query.reply(
      datagram(
        answerTo(query, {
          answers: [],
          flags: dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.TRUNCATED_RESPONSE,
        }),
      ),
    );
  const ask = (server: FakeNameServer, records = ['wiki']) =>
    reader(server.place, soon).ask(records, [north], signal);

  test('is fetched over one connection, however its bytes arrive, and beside those that fit', async () => {
    let connections = new Set<number>();
    await using server = await FakeNameServer.open(
      (query) => {
        if (query.asked.questions?.[0]?.name.startsWith('short')) query.reply(datagram(answerTo(query)));
        else truncated(query);
      },
      (query) => {
        connections = connections.add(query.from);
        for (const byte of dnsPacket.streamEncode(answerTo(query, {}, '10.2.2.1')))
          query.reply(Buffer.from([byte]));
      },
    );
    const answers = await ask(server, ['wiki', 'short', 'long']);
    expect(answers.map(({ answer }) => answer.answered && answer.address)).toEqual([
      '10.2.2.1',
      '10.2.1.1',
      '10.2.2.1',
    ]);
    expect(connections.size).toBe(1);
  });

  test.each<[string, RegExp, Parameters<typeof FakeNameServer.open>[1]]>([
    [
      'over a connection that is closed',
      /^ns0 closed the connection without an answer$/,
      (_, socket) => socket.end(),
    ],
    [
      'over a connection that is silent',
      /^ns0 at 127.0.0.1:\d+ did not answer within 0.1 s$/,
      () => undefined,
    ],
    [
      'over a connection that is reset',
      /^ns0 at 127.0.0.1:\d+ cannot be asked: ECONNRESET$/,
      (_, socket) => socket.resetAndDestroy(),
    ],
    [
      'and is truncated there too',
      /^ns0 truncates its answers over TCP too$/,
      (query) =>
        query.reply(
          dnsPacket.streamEncode(
            answerTo(query, { flags: dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.TRUNCATED_RESPONSE }),
          ),
        ),
    ],
  ])('%s', async (_, because, overTcp) => {
    await using server = await FakeNameServer.open(truncated, overTcp);
    const [answer] = await ask(server);
    expect(answer?.answer).toEqual({ answered: false, because: expect.stringMatching(because) });
  });
});

test('IPv6 is asked over, asked for and told in one spelling', async () => {
  await using server = await FakeNameServer.open(
    (query) => query.reply(datagram(answerTo(query, {}, '2001:db8:0:0:0::1'))),
    undefined,
    '::1',
  );
  const dns = reader(server.place, {
    clients: { north: '2001:DB8:1::/48' },
    addresses: { wiki: { north: '2001:0db8::0001' } },
  });
  const [answer] = await dns.ask(['wiki'], [north], signal);
  expect(answer?.answer).toEqual({ answered: true, address: dns.addressOf('wiki', north), ttl: 300_000 });
  expect(dns.addressOf('wiki', north)).toBe('2001:db8::1');
  expect(server.queries[0]?.asked).toMatchObject({
    questions: [{ type: 'AAAA' }],
    additionals: [{ options: [{ family: 2, sourcePrefixLength: 48, ip: '2001:db8:1::' }] }],
  });
});

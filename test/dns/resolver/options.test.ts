import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.js';
import { datacenter } from '../../../src/domain/names.js';
import { DnsMisconfigured, UnknownRecord } from '../../../src/dns/errors.js';
import { parseClientSubnet } from '../../../src/dns/resolver/client-subnet.js';
import { type ResolverDnsOptions, resolverDns } from '../../../src/dns/resolver/resolver-dns.js';
import { readMessage } from '../../../src/dns/resolver/read-message.js';

const withOptions = (change: Partial<ResolverDnsOptions>) =>
  resolverDns({
    clock: systemClock(),
    servers: [{ name: 'ns0', address: '127.0.0.1', port: 53 }],
    zone: 'discovery.test',
    clients: { north: '10.1.0.0/16' },
    addresses: { wiki: { north: '10.2.1.1' } },
    excluded: [],
    resendAfter: 200,
    giveUpAfter: 1_000,
    ...change,
  });

describe('options that contradict themselves are refused', () => {
  test.each<[string, string, Partial<ResolverDnsOptions>]>([
    [
      'a server that is excluded and not there',
      'ns00 is excluded and is no name server of this installation; did you mean ns0?',
      { excluded: [{ server: 'ns00', reason: 'maintenance' }] },
    ],
    [
      'a server by name',
      'ns0.example.org of the name server ns0 is no IP address',
      { servers: [{ name: 'ns0', address: 'ns0.example.org', port: 53 }] },
    ],
    [
      'a record’s address',
      '10.2.1.300, configured for wiki in north, is no IP address',
      { addresses: { wiki: { north: '10.2.1.300' } } },
    ],
    [
      'a client subnet',
      '10.1.0.0 is no client subnet, such as 10.192.0.0/16',
      { clients: { north: '10.1.0.0' } },
    ],
  ])('%s', (_, text, change) => {
    expect(() => withOptions(change)).toThrow(new DnsMisconfigured(text));
  });
});

test('an address that is not configured is an error, not a guess', () => {
  const dns = withOptions({});
  expect(dns.addressOf('wiki', datacenter('north'))).toBe('10.2.1.1');
  expect(() => dns.addressOf('wiki', datacenter('south'))).toThrow(UnknownRecord);
  expect(() => dns.addressOf('other', datacenter('north'))).toThrow(
    'no address of other in north is configured',
  );
  expect(() => dns.addressOf('toString', datacenter('north'))).toThrow(UnknownRecord);
});

describe('a client subnet', () => {
  test.each([
    ['10.192.0.0/16', { family: 1, address: '10.192.0.0', prefixLength: 16 }],
    ['10.192.0.0/10', { family: 1, address: '10.192.0.0', prefixLength: 10 }],
    ['192.0.2.7/32', { family: 1, address: '192.0.2.7', prefixLength: 32 }],
    ['2620:0:860::/46', { family: 2, address: '2620:0:860::', prefixLength: 46 }],
    ['2001:DB8::1/128', { family: 2, address: '2001:db8::1', prefixLength: 128 }],
  ])('%s', (text, subnet) => expect(parseClientSubnet(text)).toEqual(subnet));

  test.each([
    '',
    '10.1.0.0/0',
    '10.1.0.0/33',
    '10.1.0.1/16',
    '10.1/16',
    '2620:0:860::1/46',
    '::/129',
    '10.1.0.0/16 ',
  ])('%j is none', (text) => expect(() => parseClientSubnet(text)).toThrow(DnsMisconfigured));

  test('of IPv4 is taken exactly where nothing is set behind its prefix', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 32 }), (number, length) => {
        const text = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
        const isNetwork = number % 2 ** (32 - length) === 0;
        const parse = (): unknown => parseClientSubnet(`${text}/${length}`);
        if (isNetwork) expect(parse()).toEqual({ family: 1, address: text, prefixLength: length });
        else expect(parse).toThrow(DnsMisconfigured);
      }),
      {
        examples: [
          [0x0ac0_0000, 10],
          [0x0ac0_0000, 9],
        ],
      },
    );
  });
});

test('no bytes that come in are more than ignored', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(() => readMessage(Buffer.from(bytes))).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});

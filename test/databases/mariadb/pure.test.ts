import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Instant, isoMillis, instant } from '../../../src/domain/instant.js';
import { datacenter, section } from '../../../src/domain/names.js';
import { covers, ofDomain, parseGtids } from '../../../src/databases/mariadb/gtid.js';
import { type Replica, isStuck } from '../../../src/databases/mariadb/replica-status.js';
import { formatServerTime, parseServerTime } from '../../../src/databases/mariadb/server-time.js';
import { explain, explainUnquoted } from '../../../src/databases/mariadb/no-answer.js';
import { addressesOf, sourceAddress } from '../../../src/databases/mariadb/source-address.js';

describe('a GTID position', () => {
  const gtids = (text: string) => parseGtids(text) ?? new Map<string, bigint>();

  test.each([
    ['101-101-207', '101-101-207', true],
    ['101-101-208,201-201-1', '101-101-207', true],
    ['101-101-206,201-201-999', '101-101-207', false],
    ['201-201-999', '101-101-1', false],
    ['', '101-101-1', false],
    // Whichever server wrote it: the numbers of a domain are one order.
    ['101-333-9', '101-101-8', true],
    // Beyond what a number can hold.
    ['1-1-18446744073709551614', '1-1-18446744073709551615', false],
  ])('%p covers %p: %p', (have, wanted, expected) => {
    expect(covers(gtids(have), gtids(wanted))).toBe(expected);
  });

  test('of one domain is found among several', () => {
    expect(ofDomain('201-201-5,101-101-207', 101)).toBe('101-101-207');
    expect(ofDomain('1101-101-207', 101)).toBeUndefined();
    expect(ofDomain('', 101)).toBeUndefined();
  });

  test.each(['101', '1-2', 'a-b-c', '1-2-3,', '1-2-3;4-5-6'])('is not %p', (text) => {
    expect(parseGtids(text)).toBeUndefined();
  });
});

describe("a server's time", () => {
  test.each([
    ['2026-03-25T14:00:00.001999', '2026-03-25T14:00:00.001Z'],
    ['2026-03-25 14:00:00.999999', '2026-03-25T14:00:00.999Z'],
    ['2026-03-25 14:00:00', '2026-03-25T14:00:00.000Z'],
    ['2026-03-25 14:00:00.5', '2026-03-25T14:00:00.500Z'],
  ])('%s is %s', (text, expected) => {
    expect(isoMillis(parseServerTime(text) as Instant)).toBe(expected);
  });

  test.each(['', '0', '0000-00-00 00:00:00', '2026-02-30 10:00:00', '2026-03-25T14:00:00Z', '2026-03-25'])(
    'is not %p',
    (text) => {
      expect(parseServerTime(text)).toBeUndefined();
    },
  );

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (millis) => {
        expect(parseServerTime(formatServerTime(instant(millis)))).toBe(millis);
      }),
    );
  });
});

describe('a replica that lacks 101-101-9', () => {
  const replica: Replica = {
    ...{ Master_Host: 'h', Master_Port: 1, Slave_IO_Running: 'Yes', Slave_SQL_Running: 'Yes' },
    ...{ Last_IO_Error: '', Last_SQL_Error: '', Seconds_Behind_Master: 0, Gtid_IO_Pos: '101-101-8' },
  };
  test.each<[string, Replica | undefined, boolean]>([
    ['runs', replica, false],
    ['has a stopped SQL thread', { ...replica, Slave_SQL_Running: 'No' }, true],
    ['is connecting: it may come', { ...replica, Slave_IO_Running: 'Connecting' }, false],
    ['receives nothing any more', { ...replica, Slave_IO_Running: 'No' }, true],
    [
      'receives nothing any more, but has it',
      { ...replica, Slave_IO_Running: 'No', Gtid_IO_Pos: '101-101-9' },
      false,
    ],
    ['has a position that is not understood', { ...replica, Slave_IO_Running: 'No', Gtid_IO_Pos: '?' }, true],
    ['replicates from nowhere', undefined, true],
  ])('%s', (_what, status, stuck) => {
    expect(isStuck(status, '101-101-9')).toBe(stuck);
  });
});

describe('where replicas find a primary', () => {
  const primary = { section: section('s1'), datacenter: datacenter('eqiad') };

  test('is where we do, unless they know it by another name: then it is the first of those', () => {
    const ours = { primary, host: 'db1.example.org', port: 3306 };
    expect(sourceAddress(ours)).toEqual({ host: 'db1.example.org', port: 3306 });
    const theirs = { ...ours, knownAs: ['10.64.0.163:3307', 'db1:3306'] };
    expect(sourceAddress(theirs)).toEqual({ host: '10.64.0.163', port: 3307 });
    expect(addressesOf(theirs)).toEqual(['db1.example.org:3306', '10.64.0.163:3307', 'db1:3306']);
  });

  test('is told to them, and read from them, without the brackets of IPv6', () => {
    const known = { primary, host: 'db1', port: 3306, knownAs: ['[2620:0:861::1]:3306'] };
    expect(sourceAddress(known)).toEqual({ host: '2620:0:861::1', port: 3306 });
    expect(addressesOf(known)).toContain('2620:0:861::1:3306');
  });
});

test('an error about a statement that holds a secret tells its code and nothing of what was said', () => {
  const at = { host: 'db1', port: 3306, user: 'switchdc' };
  const said = "You have an error in your SQL syntax near 'planted'";
  const error = Object.assign(new Error(said), { code: 'ER_PARSE_ERROR', sql: 'planted' });
  expect(explain(error, at).message).toContain('planted');
  const unquoted = explainUnquoted(error, at);
  expect(unquoted.message).toBe('ER_PARSE_ERROR');
  expect(inspect(unquoted, { depth: null, showHidden: true })).not.toContain('planted');
  const nameless = explainUnquoted(new Error(said), at);
  expect(nameless.message).not.toBe('');
  expect(nameless.message).not.toContain('planted');
});

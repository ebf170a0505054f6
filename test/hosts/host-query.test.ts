import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadHostQuery } from '../../src/hosts/errors.js';
import { foldNames } from '../../src/hosts/gather.js';
import { expandHostQuery } from '../../src/hosts/host-query.js';
import type { Inventory } from '../../src/hosts/inventory.js';

const names = (prefix: string, from: number, to: number, suffix: string): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}${suffix}`);

const inventory: Inventory = {
  hosts: [
    ...names('db', 1001, 1012, '.eqiad.wmnet'),
    ...names('db', 2001, 2012, '.codfw.wmnet'),
    'mwmaint1002.eqiad.wmnet',
    'mwmaint2002.codfw.wmnet',
    'cp01-a1.eqiad.wmnet',
    'cp01-a2.eqiad.wmnet',
    'cp02-a1.eqiad.wmnet',
    'cp02-a2.eqiad.wmnet',
  ],
  aliases: {
    eqiad: '*.eqiad.wmnet',
    codfw: '*.codfw.wmnet',
    'db-role-master': 'db[1001-1003].eqiad.wmnet or db[2001-2003].codfw.wmnet',
    'mw-maintenance': 'mwmaint*',
    nested: 'A:mw-maintenance and A:codfw',
    round: 'A:and-round',
    'and-round': 'A:round or db1001.eqiad.wmnet',
    broken: 'db1001.eqiad.wmnet or',
  },
};
const hosts = (query: string): string => foldNames(expandHostQuery(query, inventory)).join(' ');

describe('a host expression', () => {
  test.each([
    ['db1001.eqiad.wmnet', 'db1001.eqiad.wmnet'],
    ['db[1001-1004].eqiad.wmnet', 'db[1001-1004].eqiad.wmnet'],
    ['db[1001-1004,1006].eqiad.wmnet', 'db[1001-1004,1006].eqiad.wmnet'],
    ['db[1001-1010/3].eqiad.wmnet', 'db[1001,1004,1007,1010].eqiad.wmnet'],
    ['db10[01-03].eqiad.wmnet', 'db[1001-1003].eqiad.wmnet'],
    ['cp[01-02]-a[1-2].eqiad.wmnet', 'cp01-a[1-2].eqiad.wmnet cp02-a[1-2].eqiad.wmnet'],
    ['A:db-role-master', 'db[1001-1003].eqiad.wmnet db[2001-2003].codfw.wmnet'],
    ['A:db-role-master and A:codfw', 'db[2001-2003].codfw.wmnet'],
    [
      'A:mw-maintenance or db1001.eqiad.wmnet',
      'db1001.eqiad.wmnet mwmaint1002.eqiad.wmnet mwmaint2002.codfw.wmnet',
    ],
    ['A:db-role-master and not db[1001-1002].eqiad.wmnet and not A:codfw', 'db1003.eqiad.wmnet'],
    ['(A:mw-maintenance or db1001.eqiad.wmnet) and A:eqiad', 'db1001.eqiad.wmnet mwmaint1002.eqiad.wmnet'],
    ['A:eqiad and not (cp* or mw* or db100*)', 'db[1010-1012].eqiad.wmnet'],
    ['A:nested', 'mwmaint2002.codfw.wmnet'],
    ['*maint*.codfw.*', 'mwmaint2002.codfw.wmnet'],
    ['*-a1.*', 'cp01-a1.eqiad.wmnet cp02-a1.eqiad.wmnet'],
    ['  db1001.eqiad.wmnet   or(db1002.eqiad.wmnet)', 'db[1001-1002].eqiad.wmnet'],
  ])('“%s” names %s', (query, expected) => {
    expect(hosts(query)).toBe(expected);
  });

  test.each([
    ['', 'character 1: expected a host, A:alias or "(", found the end'],
    ['db1001.eqiad.wmnet db1002.eqiad.wmnet', 'character 20: expected "and", "or" or the end, found "db1002'],
    ['db1001.eqiad.wmnet and', 'character 23: expected a host, A:alias or "(", found the end'],
    ['not db1001.eqiad.wmnet', 'it stands after "and"'],
    ['(db1001.eqiad.wmnet', 'expected ")", found the end'],
    ['db1001.eqiad.wmnet)', 'expected "and", "or" or the end, found ")"'],
    ['db1001.eqiad.wmnet or A:codfw and A:eqiad', 'parentheses around one side'],
    ['A:mw-maintenence', 'did you mean A:mw-maintenance?'],
    ['A:toString', 'expected an alias that exists'],
    ['db1010.eqiad.wment', 'did you mean db1010.eqiad.wmnet?'],
    ['db[1010-1013].eqiad.wmnet', 'db1013.eqiad.wmnet is none'],
    ['db[1004-1001].eqiad.wmnet', 'a range that goes up'],
    ['db[1001-1004/0].eqiad.wmnet', 'a step of at least 1'],
    ['db[1001-.eqiad.wmnet', '"]" after "["'],
    ['db[].eqiad.wmnet', 'a number or a range'],
    ['db1001;reboot', 'character 7: expected a host name'],
    ['db[0-999999999].eqiad.wmnet', 'at most 10000 hosts (these are 1000000000)'],
    ['x[1-999][1-999][1-999][1-999][1-999]', 'at most 10000 hosts'],
    ['A:round', 'does not come back to itself'],
    ['A:broken', 'character 22 of A:broken: expected a host'],
    ['A:codfw and A:eqiad', 'names no host'],
    ['zz*', 'names no host'],
    ['('.repeat(30), 'at most 20 parentheses'],
    ['a'.repeat(5_000), 'at most 4096 characters'],
  ])('“%s” is refused: %s', (query, expected) => {
    expect(() => expandHostQuery(query, inventory)).toThrow(BadHostQuery);
    expect(() => expandHostQuery(query, inventory)).toThrow(expected);
  });

  test('of any text is read or refused, and never names what is not there', () => {
    const piece = fc.constantFrom(
      'db',
      '[',
      ']',
      '1001',
      '-',
      ',',
      '/',
      '*',
      '(',
      ')',
      ' and ',
      ' or ',
      ' not ',
      'A:eqiad',
      '.eqiad.wmnet',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (query) => {
          try {
            for (const host of expandHostQuery(query, inventory)) expect(inventory.hosts).toContain(host);
          } catch (error) {
            expect(error).toBeInstanceOf(BadHostQuery);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of folded names gives the names back', () => {
    const host = fc
      .tuple(
        fc.constantFrom('db', 'a', 'x1-'),
        fc.nat(12),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('', '.eqiad.wmnet', '-a'),
      )
      .map(([prefix, number, width, suffix]) => `${prefix}${String(number).padStart(width, '0')}${suffix}`);
    fc.assert(
      fc.property(fc.uniqueArray(host, { minLength: 1 }), (all) => {
        const query = foldNames(all).join(' or ');
        expect([...expandHostQuery(query, { hosts: all, aliases: {} })].sort()).toEqual([...all].sort());
      }),
    );
  });
});

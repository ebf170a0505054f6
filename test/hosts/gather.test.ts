import { describe, expect, test } from '@jest/globals';
import { foldNames, gatherResults } from '../../src/hosts/gather.js';
import type { HostOutcome, HostResult } from '../../src/hosts/hosts.js';

describe('names', () => {
  test.each([
    [[], []],
    [['db1001.eqiad.wmnet'], ['db1001.eqiad.wmnet']],
    [['db1003.e', 'db1001.e', 'db1002.e', 'db1010.e'], ['db[1001-1003,1010].e']],
    [
      ['db1001.eqiad', 'db1002.codfw'],
      ['db1001.eqiad', 'db1002.codfw'],
    ],
    [
      ['ns0', 'ns1', 'alert'],
      ['alert', 'ns[0-1]'],
    ],
    [['a9', 'a10', 'a11'], ['a[9-11]']],
    [['a09', 'a10', 'a11'], ['a[09-11]']],
    [
      ['a09', 'a9', 'a10', 'a010', 'a100'],
      ['a[09-10]', 'a9', 'a[010,100]'],
    ],
    [
      ['a01', 'a02', 'a1'],
      ['a[01-02]', 'a1'],
    ],
  ])('%j are folded to %j', (names, folded) => {
    expect([...foldNames(names)].sort()).toEqual([...folded].sort());
  });
});

describe('results', () => {
  const exited = (code: number, output: string): HostOutcome => ({
    kind: 'exited',
    code,
    ok: code === 0,
    output,
  });
  const result = (host: string, outcome: HostOutcome): HostResult => ({ host, outcome });

  test('are grouped by what was said, most hosts first', () => {
    expect(
      gatherResults([
        result('db1004.eqiad.wmnet', exited(1, 'no space left\n')),
        result('db1001.eqiad.wmnet', exited(0, 'locked\n')),
        result('db1002.eqiad.wmnet', exited(0, 'locked')),
        result('db1003.eqiad.wmnet', exited(0, ' locked')),
        result('db1005.eqiad.wmnet', { kind: 'unreachable', because: 'no route' }),
        result('db1006.eqiad.wmnet', { kind: 'timed-out', after: 30_000 }),
        result('db1007.eqiad.wmnet', { kind: 'unknown', because: 'the connection broke' }),
        result('db1008.eqiad.wmnet', { kind: 'not-attempted', because: 'too many failed' }),
        result('db1009.eqiad.wmnet', exited(0, '')),
        result('db1010.eqiad.wmnet', exited(3, '')),
      ]),
    ).toEqual([
      '(3) db[1001-1003].eqiad.wmnet: locked',
      '(1) db1004.eqiad.wmnet: exit code 1: no space left',
      '(1) db1005.eqiad.wmnet: unreachable: no route',
      '(1) db1006.eqiad.wmnet: no answer within 30 s',
      '(1) db1007.eqiad.wmnet: not known: the connection broke',
      '(1) db1008.eqiad.wmnet: not attempted: too many failed',
      '(1) db1009.eqiad.wmnet: done',
      '(1) db1010.eqiad.wmnet: exit code 3',
    ]);
  });
});

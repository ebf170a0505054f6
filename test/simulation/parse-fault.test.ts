import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, faultSubject, faultText } from '../../src/simulation/fault.js';
import { type FaultWords, faultUsage, parseFault } from '../../src/simulation/parse-fault.js';
import { section } from '../../src/domain/names.js';
import { codfw, eqiad } from '../support/practice-installation.js';

const words: FaultWords = {
  hosts: ['mwmaint1002.eqiad.wmnet', 'mw1414.eqiad.wmnet'],
  commands: ['lock-deployments', 'run-puppet'],
  sections: ['s1', 's4'],
  datacenters: ['eqiad', 'codfw'],
  appServers: ['mw1414.eqiad.wmnet'],
  dnsServers: ['ns0', 'ns1'],
};
const parse = (line: string) =>
  parseFault(
    line.split(' ').filter((word) => word !== ''),
    words,
  );

const faults: readonly Fault[] = [
  { kind: 'host-unreachable', host: 'mwmaint1002.eqiad.wmnet' },
  { kind: 'command-failing', command: 'run-puppet' },
  { kind: 'replication-stuck', section: section('s4') },
  { kind: 'replication-stuck', section: section('s4'), datacenter: eqiad },
  { kind: 'database-down', section: section('s1'), datacenter: codfw },
  { kind: 'app-server-stuck', server: 'mw1414.eqiad.wmnet' },
  { kind: 'dns-server-stuck', server: 'ns1' },
  { kind: 'dns-server-down', server: 'ns1' },
  { kind: 'store-unavailable' },
  { kind: 'store-answer-lost' },
  { kind: 'disk-slow', delay: 500 },
];

describe('the words after /fault', () => {
  test.each(faults.map((fault) => [faultText(fault), fault] as const))('“%s” causes it', (text, fault) => {
    expect(parse(text)).toEqual({ ok: true, request: { do: 'cause', fault } });
  });

  test.each(faults.map((fault) => [`${faultSubject(fault)} clear`, faultSubject(fault)] as const))(
    '“%s” ends it',
    (text, subject) => {
      expect(parse(text)).toEqual({ ok: true, request: { do: 'clear', subject } });
    },
  );

  test.each([
    ['', { do: 'list' }],
    ['list', { do: 'list' }],
    ['clear', { do: 'clear' }],
    ['disk slow 2s', { do: 'cause', fault: { kind: 'disk-slow', delay: 2_000 } }],
  ])('“%s” is understood', (text, request) => {
    expect(parse(text)).toEqual({ ok: true, request });
  });

  test.each([
    ['replikation s4 stuck', 'did you mean "replication"?', 'host'],
    ['replication s5 stuck', '"s5" is not known here', 's1 or s4'],
    ['replication s4 stuk', 'did you mean "stuck"?', 'stuck or clear'],
    ['replication', 'a word is missing', 'replication SECTION [DATACENTER] stuck'],
    ['database s4 down', 'a word is missing', 'database SECTION DATACENTER down'],
    ['database s4 eqiat down', 'did you mean "eqiad"?', 'eqiad'],
    ['dns ns0 ns1 down', '"ns1" is one word too many', 'dns SERVER stuck'],
    ['store broken', 'is not what can happen to it', 'unavailable'],
    ['disk slow', 'how slow', 'disk slow 500ms'],
    ['constructor x', 'cannot be broken', 'host'],
    ['store toString', 'is not what can happen to it', 'unavailable'],
  ])('“%s” is a mistake that says what was meant', (text, problem, needed) => {
    const parsed = parse(text);
    expect(parsed).toMatchObject({ ok: false });
    if (parsed.ok) return;
    expect(parsed.problem).toContain(problem);
    expect(parsed.needed).toContain(needed);
  });

  test('of any kind get an answer, and a short one', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('replication', 's4', 'stuck', 'clear', 'disk', 'slow', '1s'),
    );
    fc.assert(
      fc.property(fc.array(word), (typed) => {
        const parsed = parseFault(typed, words);
        if (!parsed.ok) expect(parsed.problem.length + parsed.needed.length).toBeLessThan(900);
      }),
    );
  });

  test('are all told by the usage', () => {
    for (const fault of faults) {
      const [what = ''] = faultSubject(fault).split(' ');
      expect(faultUsage.some((line) => line.startsWith(what))).toBe(true);
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { datacenter } from '../../src/domain/names.js';
import type { HostCommand } from '../../src/hosts/hosts.js';
import { type HostOperation, fillCommand, hostsOf } from '../../src/hosts/operation.js';

const commandOf = (...argv: readonly string[]): HostCommand => ({
  name: 'a-test',
  argv,
  effect: 'writes',
  okCodes: [0],
  timeout: 1_000,
  successThreshold: 1,
});
const records = ['wiki-rw', 'api-rw'];

describe('the placeholders of a command', () => {
  test.each([
    ['a value, also inside an argument', ['warm-up', '--in={dc}'], ['warm-up', '--in=south']],
    ['a value that is not known', ['lock', '{reason}'], ['lock', '{reason}']],
    ['a name that is none', ['print', '{host}', '{}'], ['print', '{host}', '{}']],
    ['the records', ['wipe', '{records}', '--now'], ['wipe', 'wiki-rw', 'api-rw', '--now']],
    ['the records’ full names', ['wipe', '{records}.test'], ['wipe', 'wiki-rw.test', 'api-rw.test']],
    ['the records beside a value', ['ask', '{dc}:{records}'], ['ask', 'south:wiki-rw', 'south:api-rw']],
    ['a record twice', ['move', '{records}={records}'], ['move', 'wiki-rw=wiki-rw', 'api-rw=api-rw']],
  ])('%s', (_, argv, filled) => {
    expect(fillCommand(commandOf(...argv), { dc: 'south', records }).argv).toEqual(filled);
  });

  test('stay where nobody says which records there are', () => {
    expect(fillCommand(commandOf('wipe', '{records}'), { dc: 'south' }).argv).toEqual(['wipe', '{records}']);
  });

  test('never make two arguments of a value, or one of two, whatever the values hold', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('{records}', '{dc} {reason}', '$& $1', '', ' ', '-rf', "';reboot", 'zwei\nZeilen'),
    );
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1 }), value, (reason, names, dc) => {
        const command = commandOf(
          'wipe',
          '{reason}',
          '<{records}>',
          '{dc}{records}',
          '{records}.{dc}',
          'end',
        );
        expect(fillCommand(command, { reason, records: names, dc }).argv).toEqual([
          'wipe',
          reason,
          ...names.map((name) => `<${name}>`),
          ...names.map((name) => `${dc}${name}`),
          ...names.map((name) => `${name}.${dc}`),
          'end',
        ]);
      }),
    );
  });
});

test('the hosts of an operation depend on the datacenter alone', () => {
  const operation: HostOperation = {
    name: 'a-test',
    on: 'A:{dc} and {records}',
    run: commandOf('true'),
    probe: commandOf('true'),
    wanted: 'done',
  };
  expect(hostsOf(operation, datacenter('south'))).toBe('A:south and {records}');
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ImpossibleState } from '../../src/domain/errors.js';
import { type SalSource, formatSalEntry, parseSourceKey, sourceKey } from '../../src/sal/entry.js';
import { at, said } from './support.js';

describe('an entry of the log', () => {
  it('is written as in comments of server admin logs', () => {
    const entry = said('!oncall-now is bob', 'irc/#operations/1', { at: at('2025-09-18T16:16:02.900Z') });
    expect(formatSalEntry(entry)).toBe('[2025-09-18T16:16:02Z] <alice> !oncall-now is bob');
  });

  it('has one key for each source, from which the source can be read again', () => {
    const sources = fc.oneof(
      fc.record({ kind: fc.constant('run' as const), run: fc.nat(), seq: fc.nat(), line: fc.nat() }),
      fc.record({ kind: fc.constant('message' as const), id: fc.string({ unit: 'binary' }) }),
    );
    fc.assert(
      fc.property(sources, sources, (one: SalSource, other: SalSource) => {
        expect(parseSourceKey(sourceKey(one))).toEqual(one);
        if (sourceKey(one) === sourceKey(other)) expect(one).toEqual(other);
      }),
    );
  });

  it('has no other keys', () => {
    expect(() => parseSourceKey('run/41/x/0')).toThrow(ImpossibleState);
  });
});

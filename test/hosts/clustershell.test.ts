import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expandNames } from '../../src/hosts/expand-names.js';
import { foldNames } from '../../src/hosts/gather.js';

/** ClusterShell itself: expands each text, and folds the names again. Null where it refuses the text. */
function clusterShell(texts: readonly string[]): ({ names: string[]; folded: string } | null)[] {
  const script = `
import json, sys
from ClusterShell.NodeSet import NodeSet, NodeSetException
def look(text):
    try:
        found = NodeSet(text)
        return {"names": list(found), "folded": str(found)}
    except NodeSetException:
        return None
print(json.dumps([look(text) for text in json.load(sys.stdin)]))`;
  // Debian's own Python, for which its package is.
  const input = JSON.stringify(texts);
  return JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', script], { input, encoding: 'utf8' }),
  ) as ReturnType<typeof clusterShell>;
}

function expanded(text: string): string[] | null {
  try {
    const names = expandNames(text, (_, expected) => {
      throw new RangeError(expected);
    });
    return [...new Set(names)].sort();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
const inOrder = (names: readonly string[] | undefined): string[] | null => (names ? [...names].sort() : null);

const number = fc.oneof(fc.nat({ max: 120 }), fc.nat({ max: 99_999 })).map(String);
const digits = fc.oneof(
  number,
  fc.tuple(number, fc.nat({ max: 5 })).map(([each, width]) => each.padStart(width, '0')),
);
const letters = fc.constantFrom('a', 'db', 'mw-', 'x.y', '');
const range = fc
  .tuple(digits, fc.option(fc.tuple(fc.nat({ max: 30 }), fc.option(fc.nat({ max: 4 })), fc.boolean())))
  .map(([from, more]) => {
    if (more === null) return from;
    const [length, step, isPadded] = more;
    const to = String(Number(from) + length).padStart(isPadded ? from.length : 0, '0');
    return `${from}-${to}${step === null ? '' : `/${step}`}`;
  });
const bracket = fc.array(range, { minLength: 1, maxLength: 3 }).map((ranges) => `[${ranges.join(',')}]`);
const text = fc
  .tuple(fc.array(fc.tuple(letters, fc.oneof(bracket, digits)), { minLength: 1, maxLength: 2 }), letters)
  .map(([pieces, last]) => `${pieces.flat().join('')}${last}`)
  // Two numbers side by side are one to ClusterShell.
  .filter((each) => !/\]\[|\]\d|\d\[/.test(each) && /^[a-z[]/.test(each));

describe('a set of hosts', () => {
  test('is what ClusterShell takes it for: padding, steps, several brackets', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 40, maxLength: 40 }), (texts) => {
        expect(texts.map(expanded)).toEqual(clusterShell(texts).map((found) => inOrder(found?.names)));
      }),
      { numRuns: 10 },
    );
  });

  test('that we fold is the same to ClusterShell, and one that it folds to us', () => {
    const name = fc
      .tuple(letters, digits, fc.constantFrom('', '.eqiad.wmnet', 'b', 'b1.c'))
      .map((pieces) => pieces.join(''));
    const names = fc.uniqueArray(
      name.filter((each) => /^[a-z]/.test(each)),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.array(names, { minLength: 20, maxLength: 20 }), (sets) => {
        const ours = clusterShell(sets.map((each) => foldNames(each).join(',')));
        expect(ours.map((found) => inOrder(found?.names))).toEqual(sets.map(inOrder));
        const back = ours.map((found) =>
          (found?.folded ?? '').split(/,(?![^[]*\])/).flatMap((each) => expanded(each) ?? []),
        );
        expect(back.map(inOrder)).toEqual(sets.map(inOrder));
      }),
      { numRuns: 10 },
    );
  });

  test('of hosts with one numbering is folded word by word as ClusterShell does', () => {
    const numbers = fc.uniqueArray(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 20, maxLength: 20 }),
        fc.constantFrom(0, 4, 5),
        (sets, width) => {
          const named = sets.map((each) =>
            each.map((index) => `db${String(index).padStart(width, '0')}.eqiad.wmnet`),
          );
          const theirs = clusterShell(named.map((each) => each.join(',')));
          expect(named.map((each) => foldNames(each).join(','))).toEqual(
            theirs.map((found) => found?.folded),
          );
        },
      ),
      { numRuns: 10 },
    );
  });

  test.each([
    'a[1-010]',
    'a[01-100]',
    'a[009-11]',
    'a[3-1]',
    'a[1-10/0]',
    'a[]',
    'a[1,]',
    'a[1-]',
    'a[b]',
    'a[1',
  ])('is refused, by ClusterShell as well: %s', (bad) => {
    expect(expanded(bad)).toBeNull();
    expect(clusterShell([bad])).toEqual([null]);
  });
});

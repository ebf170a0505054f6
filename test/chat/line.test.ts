import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lineOf, lineOfWords, quoted } from '../../src/chat/line.js';

const words = (text: string): string[] => lineOf(text).tokens.map((token) => token.text);

describe('words of a line', () => {
  const cases: [what: string, text: string, words: string[]][] = [
    ['white space of any kind and length separates words', '  go\t41 \u00a0 now ', ['go', '41', 'now']],
    ['double quotes keep spaces', 'say "two  words" more', ['say', 'two  words', 'more']],
    ['single quotes keep spaces and backslashes', "say 'a \\b'", ['say', 'a \\b']],
    ['an apostrophe inside a word is a letter', "it doesn't it’s", ['it', "doesn't", 'it’s']],
    ['a quote after --flag= opens', '--reason="two words" x', ['--reason=two words', 'x']],
    ['also after dashes of a phone', '—reason=“two words” x', ['--reason=two words', 'x']],
    [
      'quotes of a phone are quotes',
      'say “two words” and ‘three more words’',
      ['say', 'two words', 'and', 'three more words'],
    ],
    ['German quotes are quotes', 'say „zwei Wörter“', ['say', 'zwei Wörter']],
    ['an apostrophe does not close the quotes of a phone', 'say ‘we don’t know’', ['say', 'we don’t know']],
    ['a backslash makes the next character ordinary', 'a\\ b \\"c \\\\', ['a b', '"c', '\\']],
    ['a backslash at the end stands for itself', 'a\\', ['a\\']],
    ['an empty quotation is an empty word', "a '' b", ['a', '', 'b']],
    ['what follows a closing quote belongs to the word', '"a b"c', ['a bc']],
    [
      'dashes of a phone are two dashes',
      '—dry-run –live-test ——json',
      ['--dry-run', '--live-test', '--json'],
    ],
    ['a long dash alone is two dashes', 'a — b', ['a', '--', 'b']],
    ['dashes in the middle and before digits stay', 'a—b —5', ['a—b', '—5']],
  ];
  test.each(cases)('%s', (_what, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('a quote that is not closed is named, and takes the rest', () => {
    expect(lineOf('go "one two').tokens.at(-1)).toMatchObject({ text: 'one two', unclosed: '"' });
    expect(lineOf('go ‘one two').tokens.at(-1)).toMatchObject({ text: 'one two', unclosed: '‘' });
  });

  test('only a word that begins without quote or backslash may be a flag', () => {
    expect(lineOf('--a "--b" \\--c').tokens.map(({ text, bare }) => [text, bare])).toEqual([
      ['--a', true],
      ['--b', false],
      ['--c', false],
    ]);
  });
});

describe('properties', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 200 });
  const awkward = fc.string({ unit: fc.constantFrom(...Array.from('ab \\\'"“”‘’„—–-=\t')), maxLength: 30 });

  test('any text has words, in order, inside of it', () => {
    fc.assert(
      fc.property(fc.oneof(anything, awkward), (text) => {
        let last = 0;
        for (const { start, end } of lineOf(text).tokens) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        expect(text.slice(last).trim()).toBe('');
      }),
    );
  });

  test('words that are quoted are read back, and none becomes a flag', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, awkward), { maxLength: 6 }), (list) => {
        const { tokens } = lineOf(list.map(quoted).join(' '));
        expect(tokens.map(({ text }) => text)).toEqual(list);
        expect(tokens.every(({ unclosed }) => unclosed === undefined)).toBe(true);
        expect(tokens.filter(({ bare, text }) => bare && text.startsWith('-'))).toEqual([]);
      }),
    );
  });

  test('words of a shell keep their place in the line that they make', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), (list) => {
        const { text, tokens } = lineOfWords(list);
        expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual(list);
      }),
    );
  });
});

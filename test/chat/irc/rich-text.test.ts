import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Rich,
  rich,
  splitRich,
  type Style,
  wireText,
  withoutFormats,
} from '../../../src/chat/irc/rich-text.js';

const styles: readonly Style[] = ['plain', 'strong', 'alarm'];
const bytes = (text: string): number => Buffer.byteLength(text);

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(' ', '  ', 'ключ', '漢字', '👩‍👩‍👧‍👦', 'e\u0301'.repeat(30), 'x'.repeat(120)),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(' '));
const pieces = fc.array(
  fc.tuple(text, fc.constantFrom(...styles)).map(([one, style]) => rich(one, style)),
  { maxLength: 5 },
);

test('no line is longer in bytes than it may be, and nothing but spaces at breaks is lost', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.integer({ min: 60, max: 400 }),
      fc.constantFrom('bold', 'none'),
      (all, most, formatting) => {
        const lines = splitRich(all, most, formatting);
        for (const line of lines) {
          const wire = wireText(line, formatting);
          expect(bytes(wire)).toBeLessThanOrEqual(most);
          expect(Buffer.from(wire).toString()).toBe(wire);
          expect(wire).toMatch(/[^ ]/u);
        }
        const plain = (some: readonly Rich[]): string =>
          some
            .map((piece) => piece.text)
            .join('')
            .replaceAll(' ', '');
        expect(lines.map(plain).join('')).toBe(plain(all));
      },
    ),
  );
});

test('a line is broken at a space, and a format is opened again on the next one', () => {
  const lines = splitRich([rich('read '), rich('only begins now', 'strong')], 17, 'bold');
  expect(lines.map((line) => wireText(line, 'bold'))).toEqual([
    'read \u0002only\u000f',
    '\u0002begins now\u000f',
  ]);
});

test('a long word is broken between characters as people count them', () => {
  const lines = splitRich([rich('👩‍👩‍👧‍👦'.repeat(4))], 60, 'none').map((line) => wireText(line, 'none'));
  expect(lines).toEqual(['👩‍👩‍👧‍👦'.repeat(2), '👩‍👩‍👧‍👦'.repeat(2)]);
});

test('a character that is longer than a line is broken between code points', () => {
  const lines = splitRich([rich(`e${'\u0301'.repeat(50)}`)], 20, 'none').map((line) =>
    wireText(line, 'none'),
  );
  expect(lines.every((line) => bytes(line) <= 20)).toBe(true);
  expect(lines.join('')).toBe(`e${'\u0301'.repeat(50)}`);
});

test('formats of others are taken off and ours cannot be imitated', () => {
  expect(withoutFormats('\u0002a\u0003b\u000304c\u000304,05d\u000fe\u0011f\u001dg')).toBe('abcdefg');
  expect(wireText([rich('\u0002\u000304a\u000f', 'strong')], 'bold')).toBe('\u0002  04a \u000f');
  expect(wireText([rich('12', 'alarm')], 'bold')).toBe('\u0002\u00030412\u000f');
  expect(wireText([rich(',1', 'alarm')], 'bold')).toBe('\u0002\u000304 ,1\u000f');
  expect(wireText([rich('a', 'strong'), rich('', 'plain'), rich('b', 'strong')], 'none')).toBe('ab');
});

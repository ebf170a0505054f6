import { expect, test } from '@jest/globals';
import { fitted, textWidth } from '../../../src/chat/terminal/text-width.js';

test.each([
  ['plain', 5],
  ['', 0],
  ['größer', 6],
  ['e\u0301', 1],
  ['日本', 4],
  ['ｶﾅ', 2],
  ['한국어', 6],
  ['👍', 2],
  ['👩‍💻', 2],
  ['→ ✓', 3],
  ['\u200b', 0],
])('%j takes %d columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ['plain', 5, 'plain'],
  ['plain', 4, 'pla…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
])('%s in %d columns is %s', (text, columns, expected) => {
  expect(fitted(text, columns)).toBe(expected);
  expect(textWidth(fitted(text, columns))).toBeLessThanOrEqual(columns);
});

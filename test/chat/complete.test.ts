import { expect, test } from '@jest/globals';
import { completions } from '../../src/chat/complete.js';
import { registry } from './support.js';

test.each([
  ['', ['start ', 'go ', 'yes ', 'find ', 'log ']],
  ['st', ['start ']],
  ['start w', ['start wiki ']],
  ['start wiki n', ['start wiki north ']],
  ['start --dr', ['start --dry-run ']],
  ['start --task T1 --o', ['start --task T1 --only ']],
  ['nonsense ', []],
])('%j', (typed, expected) => {
  expect(completions(typed, registry)).toEqual(expected);
});

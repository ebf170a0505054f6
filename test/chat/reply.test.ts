import { expect, test } from '@jest/globals';
import { spanText } from '../../src/chat/message.js';
import { mistaken, refused } from '../../src/chat/reply.js';

const textOf = (because: string, needed?: string): string =>
  refused(because, needed)
    .message.blocks.map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : ''))
    .join('');

test.each([
  ['you may not do this', undefined, 'You may not do this.'],
  ['you may not do this', 'the role operator', 'You may not do this; needed: the role operator.'],
  [
    'no task is called 00-lock',
    'did you mean 00-lock-deployments?',
    'No task is called 00-lock. Did you mean 00-lock-deployments?',
  ],
  [
    'run 4 is not on hold',
    '`why` tells what it waits for',
    'Run 4 is not on hold. `why` tells what it waits for.',
  ],
])('a refusal says why, and what would be needed, as sentences: %s, %s', (because, needed, text) => {
  expect(textOf(because, needed)).toBe(text);
});

test('what was probably meant is a command where a command is not known, and else a word of one', () => {
  const meant = (mistake: Parameters<typeof mistaken>[0]): unknown =>
    mistaken(mistake).message.blocks.flatMap((block) => (block.kind === 'paragraph' ? block.spans : []));
  expect(meant({ what: 'There is no command "statsu".', didYouMean: 'status' })).toContainEqual({
    command: 'status',
  });
  expect(meant({ what: 'No.', didYouMean: 'mediawiki', usage: 'start [RUNBOOK]' })).toEqual(
    expect.arrayContaining([{ code: 'mediawiki' }, { command: 'start [RUNBOOK]' }]),
  );
});

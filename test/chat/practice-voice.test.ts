import { expect, test } from '@jest/globals';
import { speakAs } from '../../src/chat/practice-voice.js';

const practice = { allowed: true, people: ['alice', 'bob'] } as const;

test('somebody is spoken for by name, in any case', () => {
  expect(speakAs('Bob', practice)).toEqual({ identity: { kind: 'practice', name: 'bob' } });
});

test('nobody is invented', () => {
  expect(speakAs('bobb', practice)).toEqual({
    mistake: { what: 'There is no person "bobb"; known are alice and bob.', didYouMean: 'bob' },
  });
});

test('where something real can be touched, nobody is spoken for', () => {
  expect(speakAs('bob', { allowed: false, because: 'the store is real' })).toEqual({
    mistake: { what: 'Nobody can be spoken for here: the store is real.' },
  });
});

import { expect, test } from '@jest/globals';
import { onceInAWhile } from '../../../src/chat/slack/once-in-a-while.js';
import { instant } from '../../../src/domain/instant.js';

test('the same is told again after ten minutes, something else at once, and memory has an end', () => {
  const told: string[] = [];
  let now = 0;
  const tell = onceInAWhile((text) => told.push(text), { now: () => instant(now) });
  for (now of [0, 1, 599_999, 600_000, 600_001]) tell('not_in_channel');
  tell('invalid_auth');
  expect(told).toEqual(['not_in_channel', 'not_in_channel', 'invalid_auth']);
  for (let count = 0; count < 200; count += 1) tell(`other ${count}`);
  tell('not_in_channel');
  expect(told).toHaveLength(204);
});

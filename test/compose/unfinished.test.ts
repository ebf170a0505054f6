import { expect, test } from '@jest/globals';
import { unfinished } from '../../src/compose/unfinished.js';
import { messageText } from '../support/message-text.js';
import { FullHouse } from '../support/full-house.js';

test('what an unfinished run waits for is said when a process begins, with the words that answer it', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.until(run, ({ gates }) => gates.length === 1);
  const [only, ...others] = await unfinished(full.house);
  expect(others).toEqual([]);
  expect(messageText(only!)).toMatch(
    /^Run 1 is not over: .*the request \(g1\): needs 2 GO .*Say approve 1 or deny 1/s,
  );
});

test('of runs that have ended nothing is said', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start('--dry-run');
  await full.helped(run);
  expect(await unfinished(full.house)).toEqual([]);
});

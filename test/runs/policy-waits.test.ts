import { expect, test } from '@jest/globals';
import { FullHouse } from '../support/full-house.js';

test('the recap tells what was waited for by the clock, apart from what was waited for until it was seen', async () => {
  await using full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run);
  expect(await full.asked('alice', `report ${run}`)).toContain(
    'Policy waits, by the clock and not for what is seen: 00-wait-for-old-ttl 5 min.',
  );
});

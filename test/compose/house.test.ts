import { expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { instant, MINUTE } from '../../src/domain/instant.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { BEGINNING, FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { inBothChats, saidIn } from '../support/two-chats.js';

const slow = inBothChats((config: Config) => ({
  ...config,
  chat: {
    ...config.chat,
    rates: { people: { burst: 2, perMinute: 2 }, strangers: { burst: 3, perMinute: 3 } },
  },
}));

test('a house answers in chats as often as its configuration says, and strangers politely once', async () => {
  const clock = fastClock(BEGINNING, { jumps: false });
  await using full = await FullHouse.fresh({ clock, config: slow });
  const { router } = full.house;
  const says = async (name: string, line: string): Promise<string | undefined> => {
    const reply = await router.route({ ...saidIn('irc', name, line), at: instant(clock.now()) });
    return reply && messageText(reply.message);
  };
  const answers: (string | undefined)[] = [];
  for (let count = 0; count < 5; count += 1) answers.push(await says('alice', '!switchdc whoami'));
  expect(answers.map((text) => text?.slice(0, 13))).toEqual([
    ...['You are alice', 'You are alice', 'That is faste'],
    ...[undefined, undefined],
  ]);
  // Whom nobody knows does not use up what the people of the house have, nor they each other's.
  expect(await says('mallory', '!switchdc start --task T1')).toMatch(/^I do not know you/);
  expect(await says('mallory', '!switchdc start --task T1')).toBeUndefined();
  expect(await says('bob', '!switchdc whoami')).toMatch(/^You are bob/);
  await clock.advance(MINUTE);
  expect(await says('alice', '!switchdc whoami')).toMatch(/^You are alice/);
  // A trusted program is heard and not answered.
  expect(await says('relay', '!switchdc whoami')).toBeUndefined();
  expect(await full.house.journal.runs(1)).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openInspircd, type LabInspircd } from '../../../lab/irc/inspircd.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { withoutFormats } from '../../../src/chat/irc/rich-text.js';
import { openTokenBucket } from '../../../src/chat/irc/token-bucket.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import { instant } from '../../../src/domain/instant.js';
import { eventually } from '../../support/eventually.js';
import { inChannel, ircChat, operations, OPERATIONS, personWith } from './support.js';

let ground: LabGround;
let ircd: LabInspircd;

beforeAll(async () => {
  ground = await LabGround.open();
  // As servers are configured on real networks.
  ircd = await openInspircd(ground, { flood: { threshold: 10, perSecond: 1 } });
});

afterAll(() => ground[Symbol.asyncDispose]());

test('200 lines of progress neither get the bot kicked nor hold up an alarm or an answer', async () => {
  await using alice = await personWith(ircd.port, 'alice1');
  await using under = await ircChat(ircd.port, {
    flood: { burst: 5, perSecond: 1 },
    times: { sentWithin: 60_000 },
  });
  await inChannel(alice);
  const progress = Array.from({ length: 200 }, (_, index) =>
    under.chat.queue(operations, say(`step ${index} of the run goes on;`), `reporter/41/${index}`),
  );
  await Promise.all(progress);
  const waits: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const begun = performance.now();
    const key = index % 2 === 0 ? `alarm/${index}` : `reply/irc/${index}`;
    const tone = index % 2 === 0 ? 'alarm' : 'plain';
    await under.chat.send(operations, message(tone, paragraph(`urgent ${index}`)), key);
    waits.push(performance.now() - begun);
  }
  const text = (): string => alice.saidBy('switchdc', OPERATIONS).map(withoutFormats).join(' ');
  await eventually(() => text().includes('step 199 '), 'all of it is said', 60_000);
  expect(Math.max(...waits)).toBeLessThan(2_000);
  const steps = [...text().matchAll(/step (\d+) /g)].map(([, number]) => Number(number));
  expect(steps).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(alice.lines.filter((line) => /^:switchdc\S* QUIT/.test(line))).toEqual([]);
  expect(under.troubles).toEqual([]);
}, 120_000);

test('a bucket gives what it holds at once, then one by one, and keeps what is to be spared', () => {
  const bucket = openTokenBucket({ burst: 3, perSecond: 2 }, instant(0));
  const take = (at: number, spare = 0): boolean => bucket.take(instant(at), spare);
  expect([take(0, 1), take(0, 1), take(0, 1), take(0), take(0)]).toEqual([true, true, false, true, false]);
  expect(bucket.readyAt(instant(0))).toBe(500);
  expect(bucket.readyAt(instant(0), 1)).toBe(1_000);
  expect([take(499), take(500), take(501)]).toEqual([false, true, false]);
  expect([take(60_000), take(60_000), take(60_000), take(60_000)]).toEqual([true, true, true, false]);
});

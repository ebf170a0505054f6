import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FullHouse } from '../support/full-house.js';
import { lineProtocol, PaperChannel, withThreads } from '../support/paper-channel.js';
import { startTelling } from '../support/told-run.js';

let full: FullHouse & AsyncDisposable;
let newest: number;

beforeAll(async () => {
  full = await FullHouse.fresh();
  const run = await full.start();
  await full.helped(run);
  newest = (await full.entries(run)).at(-1)?.position ?? 0;
}, 60_000);

afterAll(async () => {
  await full[Symbol.asyncDispose]();
});

const cursor = (): number =>
  (full.files.records.prepare('SELECT max(position) FROM reporter_cursor').pluck().get() as number | null) ??
  0;

/** Tells the whole run; the process that tells dies again and again, at every `nth` message, while it is being sent. */
async function told(paper: PaperChannel, nth: number): Promise<number> {
  full.files.records.prepare('DELETE FROM reporter_cursor').run();
  let deaths = 0;
  for (;;) {
    const dead: { stop?: () => Promise<void>; died: Promise<void> } = { died: Promise.resolve() };
    let sent = 0;
    const isDead = new Promise<void>((resolve) => {
      paper.holding = (_message, key) => {
        sent += 1;
        if (sent === nth && !key.endsWith('/board')) {
          deaths += 1;
          dead.died = dead.stop?.() ?? Promise.resolve();
          resolve();
        }
        return Promise.resolve();
      };
    });
    const telling = startTelling(full, paper);
    dead.stop = () => telling.stop();
    const isDone = (async () => {
      while (cursor() < newest && sent < nth) await full.pass(100);
    })();
    await Promise.race([isDead, isDone]);
    await dead.died;
    await isDone;
    await telling.stop();
    if (cursor() >= newest) return deaths;
  }
}

const keys = (paper: PaperChannel): string[] => paper.messages.map(({ key }) => key);

describe('a process that dies in the middle of telling', () => {
  test('where the channel can be asked: everything is told, once, and in order', async () => {
    const whole = new PaperChannel('slack', withThreads);
    await told(whole, Infinity);
    expect(whole.messages.length).toBeGreaterThan(40);
    for (const nth of [2, 3, 7]) {
      const torn = new PaperChannel('slack', withThreads);
      expect(await told(torn, nth)).toBeGreaterThan(5);
      expect(keys(torn)).toEqual(keys(whole));
      expect(torn.texts().filter((text) => !text.includes('as of'))).toEqual(
        whole.texts().filter((text) => !text.includes('as of')),
      );
    }
  }, 60_000);

  test('where it cannot: nothing is told twice, and it goes on', async () => {
    const whole = new PaperChannel('irc', lineProtocol);
    await told(whole, Infinity);
    const torn = new PaperChannel('irc', lineProtocol);
    expect(await told(torn, 3)).toBeGreaterThan(5);
    expect(new Set(keys(torn)).size).toBe(torn.messages.length);
    const order = keys(whole);
    expect(keys(torn)).toEqual(order.filter((key) => keys(torn).includes(key)));
    expect(keys(torn).at(-1)).toBe(order.at(-1));
  }, 60_000);
});

test('a message that takes for ever delays nobody’s alarm', async () => {
  full.files.records.prepare('DELETE FROM reporter_cursor').run();
  const paper = new PaperChannel('irc', lineProtocol);
  paper.holding = (message) => (message.tone === 'good' ? new Promise(() => undefined) : Promise.resolve());
  const telling = startTelling(full, paper);
  await paper.until((texts) => texts.some((text) => text.includes('READ-ONLY starts')));
  await telling.stop();
});

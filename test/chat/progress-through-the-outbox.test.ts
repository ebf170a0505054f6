import { expect, test } from '@jest/globals';
import type { Message } from '../../src/chat/message.js';
import type { DeliveryKey, Destination } from '../../src/chat/platform.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel } from '../support/paper-channel.js';
import { startTelling } from '../support/told-run.js';

/** A chat that is down, with a disk: nothing can be sent, and what is queued is kept. */
class DownWithOutbox extends PaperChannel {
  readonly queued: { readonly key: DeliveryKey; readonly text: string }[] = [];
  override holding = (): Promise<void> => Promise.reject(new Error('there is no connection'));

  queue(_to: Destination, message: Message, key: DeliveryKey): Promise<void> {
    this.queued.push({ key, text: messageText(message) });
    return Promise.resolve();
  }
}

test('where a chat keeps an outbox, what a run tells goes there, and an outage loses none of it', async () => {
  await using full = await FullHouse.fresh();
  const chat = new DownWithOutbox('irc', lineProtocol);
  const telling = startTelling(full, chat);
  const run = await full.start('--dry-run');
  await full.helped(run);
  const isTold = (): boolean => chat.queued.some(({ text }) => text.includes('Run 1: PASS'));
  while (!isTold() && telling.troubles.length === 0) await full.pass(1_000);
  await telling.stop();
  expect(telling.troubles).toEqual([]);
  expect(chat.messages).toEqual([]);
  const keys = chat.queued.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(chat.queued.filter(({ text }) => /phase 2/i.test(text)).length).toBeGreaterThan(0);
});

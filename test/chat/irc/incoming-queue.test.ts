import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { IncomingQueue } from '../../../src/chat/irc/incoming-queue.js';

test('what is heard is read in order, until the signal, and leaves nothing at it', async () => {
  const queue = new IncomingQueue<number>(3);
  const over = new AbortController();
  const read: number[] = [];
  for (const early of [1, 2, 3, 4]) queue.push(early);
  const reading = (async () => {
    for await (const item of queue.read(over.signal)) {
      read.push(item);
      if (read.length === 50) over.abort(new Error('enough'));
      // Pushed while the reader waits for it.
      else if (read.length >= 3) queueMicrotask(() => queue.push(read.length + 2));
      expect(getEventListeners(over.signal, 'abort').length).toBeLessThanOrEqual(1);
    }
  })();
  await reading;
  // Of a flood the oldest is dropped.
  expect(read).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
  expect(getEventListeners(over.signal, 'abort')).toEqual([]);
});

test('whoever reads no further leaves nothing at the signal either', async () => {
  const queue = new IncomingQueue<number>(3);
  const { signal } = new AbortController();
  queue.push(1);
  for await (const item of queue.read(signal)) if (item === 1) break;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { converse } from '../../src/chat/converse.js';
import { NotSent } from '../../src/chat/errors.js';
import { say, spanText } from '../../src/chat/message.js';
import type { ChatPlatform, IncomingMessage } from '../../src/chat/platform.js';
import { answered } from '../../src/chat/reply.js';
import { instant } from '../../src/domain/instant.js';

const channel = { platform: 'irc', channel: '#ops' } as const;
const said = (text: string): IncomingMessage => ({
  id: text,
  from: channel,
  sender: undefined,
  calledThere: 'alice',
  text,
  at: instant(0),
});

/** A platform where these lines are said; it notes when each is taken and what is sent. */
function platform(lines: readonly string[], seen: string[], unsendable = ''): ChatPlatform {
  return {
    name: 'irc',
    limits: { maxBytes: 510, threads: false, edits: false, readback: false },
    async *incoming() {
      for (const line of lines) {
        seen.push(`take ${line}`);
        yield said(line);
      }
    },
    async send(to, message) {
      const [block] = message.blocks;
      const text = block?.kind === 'paragraph' ? spanText(block.spans) : '';
      if (text === unsendable) throw new NotSent('no');
      seen.push(`send ${text}`);
      return { to, id: text };
    },
    findSent: async () => undefined,
    revise: async (ref) => ref,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const forever = new AbortController().signal;

test('one at a time: each is answered before the next is taken', async () => {
  const seen: string[] = [];
  const router = {
    route: async ({ text }: IncomingMessage) => (text === 'b' ? undefined : answered(say(text), null)),
  };
  await converse(
    { platform: platform(['a', 'b', 'c'], seen), router, atOnce: 1, notDelivered: () => undefined },
    forever,
  );
  expect(seen).toEqual(['take a', 'send a', 'take b', 'take c', 'send c']);
});

test('several at a time: a slow answer holds up nobody, and the last one is waited for', async () => {
  const seen: string[] = [];
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const router = {
    route: async ({ text }: IncomingMessage) => {
      if (text === 'slow') await slow;
      else if (text === 'last') setImmediate(finish);
      return answered(say(text), null);
    },
  };
  await converse(
    { platform: platform(['slow', 'nogo', 'last'], seen), router, atOnce: 8, notDelivered: () => undefined },
    forever,
  );
  expect(seen.filter((line) => line.startsWith('send')).sort()).toEqual([
    'send last',
    'send nogo',
    'send slow',
  ]);
  expect(seen.indexOf('send nogo')).toBeLessThan(seen.indexOf('send slow'));
});

test('an answer that cannot be sent is reported, and the conversation goes on', async () => {
  const seen: string[] = [];
  const lost: string[] = [];
  const router = { route: async ({ text }: IncomingMessage) => answered(say(text), null) };
  await converse(
    {
      platform: platform(['a', 'b'], seen, 'a'),
      router,
      atOnce: 1,
      notDelivered: ({ text }, error) => lost.push(`${text} ${error instanceof NotSent}`),
    },
    forever,
  );
  expect([seen, lost]).toEqual([['take a', 'take b', 'send b'], ['a true']]);
});

test('what is done with is told to the platform, answered or not; what could not be answered is kept', async () => {
  const seen: string[] = [];
  const handled: string[] = [];
  const router = {
    route: async ({ text }: IncomingMessage) => (text === 'silence' ? undefined : answered(say(text), null)),
  };
  await converse(
    {
      platform: {
        ...platform(['a', 'silence', 'lost', 'b'], seen, 'lost'),
        handled: ({ text }) => void handled.push(`${text} after ${seen.at(-1)}`),
      },
      router,
      atOnce: 1,
      notDelivered: () => undefined,
    },
    forever,
  );
  expect(handled).toEqual(['a after send a', 'silence after take silence', 'b after send b']);
});

import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../../src/access/person.js';
import { NotSent } from '../../src/chat/errors.js';
import { type Block, type Message, message, paragraph, say } from '../../src/chat/message.js';
import type { ChatPlatform, Destination, IncomingMessage } from '../../src/chat/platform.js';
import { instant } from '../../src/domain/instant.js';
import { eventually } from '../support/eventually.js';

/** Somebody in the channel. */
export interface Speaker {
  /** What the platform vouches for; undefined for somebody unknown to it. */
  readonly identity: Identity | undefined;
  says(text: string): Promise<void>;
}

/** A platform with one channel in which people speak and read. */
export interface ChatUnderTest {
  readonly chat: ChatPlatform;
  readonly channel: Destination;
  /** One who is as well known as the platform can tell, and, where there is one, somebody who is not known to it. */
  readonly speakers: readonly Speaker[];
  /** Everything that the channel shows of ours, oldest first, as plain text; where a line ends does not matter. */
  seen(): Promise<string>;
  /** What our texts have brought about besides being shown: joined channels, quits, notified crowds. */
  harm(): Promise<readonly string[]>;
  /** Takes the connection away for good; undefined where there is none. */
  readonly takeDown: (() => Promise<void>) | undefined;
}

const HOSTILE = [
  'a\r\nQUIT :gone\r\nJOIN #evil',
  'b\nPRIVMSG #evil :x',
  'c\rPART #operations',
  'd\0e',
  '\u0001ACTION dances\u0001',
  ':f g',
  '<!channel> <!here> @everyone <@U1> <https://x.test|y>',
  '`code` *strong* ```fence```',
  'g\u001b[2Jh\u009bi\u202ej\u2028k',
  '\u0002l\u0003044m\u000f',
  '\ud800 lone',
  '%s %n ${x}',
  'é'.repeat(300),
];

/** Each kind of block, with the same text wherever a text can stand. */
function everywhere(text: string): readonly Block[] {
  return [
    paragraph(text, { strong: text }, { code: text }, { link: 'https://wiki.test/x', text }),
    { kind: 'list', items: [[text], [{ code: text }]] },
    { kind: 'fields', fields: [{ label: text, value: [text] }] },
    { kind: 'table', columns: [text, 'two'], rows: [[text, text]] },
    { kind: 'code', lines: [text, text] },
    { kind: 'progress', label: text, done: 3, of: 9, note: text },
    { kind: 'choices', choices: [{ label: text, command: text }] },
  ];
}

/** What every chat does. */
export function chatPlatformContract(
  name: string,
  withChat: (test: (under: ChatUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: ChatUnderTest) => Promise<void>): void =>
    it(sentence, () => withChat(test), 60_000);
  const shows = (under: ChatUnderTest, text: string): Promise<void> =>
    eventually(async () => (await under.seen()).includes(text), `the channel shows ${text}`, 20_000);

  describe(`the chat ${name}`, () => {
    given('says who speaks as far as it vouches for them, and what they say', async (under) => {
      const heard = ears(under.chat);
      for (const [index, { identity, says }] of under.speakers.entries()) {
        await says(`!switchdc hello ${index}`);
        await eventually(() => heard.length > index, 'it is heard', 20_000);
        expect(heard[index]).toMatchObject({ from: under.channel, sender: identity });
        expect(heard[index]?.text).toContain(`hello ${index}`);
      }
    });

    given('gives each message an id of its own', async (under) => {
      const heard = ears(under.chat);
      for (const times of [1, 2]) {
        await under.speakers[0]?.says('!switchdc again');
        await eventually(() => heard.length === times, 'it is heard', 20_000);
      }
      expect(heard[0]?.id).not.toBe(heard[1]?.id);
    });

    given('shows what is sent, whatever it is made of', async (under) => {
      const blocks = everywhere('kiwi');
      for (const [index, block] of blocks.entries())
        await under.chat.send(
          under.channel,
          message('plain', paragraph(`number ${index}`), block),
          `k/${index}`,
        );
      await under.chat.send(under.channel, say(`number ${blocks.length}`), 'k/end');
      await shows(under, `number ${blocks.length}`);
      const seen = await under.seen();
      blocks.forEach((_, index) => {
        const from = seen.indexOf(`number ${index}`);
        const until = seen.indexOf(`number ${index + 1}`);
        expect(seen.slice(from, until < 0 ? undefined : until)).toContain('kiwi');
      });
    });

    given('shows everything of one lane in the order in which it was sent', async (under) => {
      const numbers = Array.from({ length: 8 }, (_, index) => `in order ${index};`);
      await Promise.all(
        numbers.map((text, index) => under.chat.send(under.channel, say(text), `order/${index}`)),
      );
      await shows(under, 'in order 7;');
      const seen = await under.seen();
      const places = numbers.map((text) => seen.indexOf(text));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });

    given('takes no harm from a text in any place of a message', async (under) => {
      for (const [index, text] of HOSTILE.entries())
        for (const [place, block] of everywhere(text).entries())
          await under.chat.send(under.channel, hostile(index, block), `hostile/${index}/${place}`);
      await under.chat.send(under.channel, say('still here'), 'last');
      await shows(under, 'still here');
      expect(await under.harm()).toEqual([]);
    });

    given('can tell that something was sent, exactly where it says that it can', async (under) => {
      const ref = await under.chat.send(under.channel, say('findable'), 'find/1');
      await shows(under, 'findable');
      const since = instant(0);
      const found = await under.chat.findSent(under.channel, 'find/1', since);
      expect(found).toEqual(under.chat.limits.readback ? ref : undefined);
      expect(await under.chat.findSent(under.channel, 'find/2', since)).toBeUndefined();
    });

    given('shows the new state of what is revised', async (under) => {
      const ref = await under.chat.send(under.channel, say('as it was'), 'revised');
      await under.chat.revise(ref, say('as it is now'));
      await shows(under, 'as it is now');
    });

    given('says that something was not sent where it certainly was not', async (under) => {
      if (under.takeDown === undefined) return;
      await under.takeDown();
      const sending = under.chat.send(under.channel, say('into the void'), 'void');
      await expect(sending).rejects.toBeInstanceOf(NotSent);
    });

    given('stops listening at the signal, and is quiet once it is closed', async (under) => {
      const stop = new AbortController();
      const all = readAll(under.chat, stop.signal);
      stop.abort(new Error('enough'));
      await all;
      const rest = readAll(under.chat, new AbortController().signal);
      await under.chat[Symbol.asyncDispose]();
      await rest;
    });
  });
}

const hostile = (index: number, block: Block): Message => ({
  tone: (['plain', 'good', 'warning', 'alarm'] as const)[index % 4] ?? 'plain',
  blocks: [block],
});

async function readAll(chat: ChatPlatform, signal: AbortSignal): Promise<void> {
  const incoming = chat.incoming(signal)[Symbol.asyncIterator]();
  while ((await incoming.next()).done !== true);
}

/** Everything that is heard from now on. */
function ears(chat: ChatPlatform): readonly IncomingMessage[] {
  const heard: IncomingMessage[] = [];
  void (async () => {
    for await (const incoming of chat.incoming(new AbortController().signal)) heard.push(incoming);
  })();
  return heard;
}

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotSent } from '../../../src/chat/errors.js';
import { oneLineOf } from '../../../src/chat/irc/line-transport.js';
import { type Block, message, paragraph, say, type Tone } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { type ChatInTest, ircChat, operations, RawServer, welcoming } from './support.js';

let server: RawServer;
let under: ChatInTest;

beforeEach(async () => {
  server = await RawServer.open();
  server.answer = welcoming;
  under = await ircChat(server.port);
  await under.chat.send(operations, say('here'), 'first');
});

afterEach(async () => {
  await under[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Texts with everything in them that a protocol of lines could trip over. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        '\u0001',
        '\u0002',
        '\u000304',
        ':',
        ' ',
        '\u2028',
        '\u0085',
        '\ud800',
      ),
      fc.constantFrom('QUIT :x', 'JOIN #evil', 'PRIVMSG #evil :x', '@label=1 ', '😀', 'é', 'e\u0301', '👨‍👩‍👧'),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('x'.repeat(600), '漢'.repeat(200)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const block: fc.Arbitrary<Block> = fc.oneof(
  hostile.map((text) => paragraph(text, { strong: text }, { code: text }, { link: text, text })),
  hostile.map((text): Block => ({ kind: 'list', items: [[text]] })),
  hostile.map((text): Block => ({ kind: 'fields', fields: [{ label: text, value: [{ strong: text }] }] })),
  hostile.map((text): Block => ({ kind: 'table', columns: [text], rows: [[text]] })),
  hostile.map((text): Block => ({ kind: 'code', lines: [text, text] })),
  hostile.map((text): Block => ({ kind: 'progress', label: text, done: 1, of: 2, note: text })),
  hostile.map((text): Block => ({ kind: 'choices', choices: [{ label: text, command: text }] })),
);

test('whatever is said, the server sees lines to our channel and nothing else, none of them too long', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(block, { maxLength: 3 }),
      fc.constantFrom<Tone>('plain', 'good', 'warning', 'alarm'),
      async (blocks, tone) => {
        server.bytes = Buffer.alloc(0);
        await under.chat.send(operations, message(tone, ...blocks), `property/${(count += 1)}`);
        for (const line of server.lines()) {
          expect(line).toMatch(/^(PRIVMSG #operations :(?!\u0001)[^]|PING :f\d+$)/u);
          // Room for the part that the server puts before it.
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510 - ':switchdc!switchdc@host.test '.length);
          expect(line).not.toMatch(/[\0\u0001]/u);
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(under.troubles).toEqual([]);
}, 60_000);

test('a target that is none is not sent to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.constantFrom(
          '#operations,#evil',
          '#operations x',
          '#a\r\nQUIT',
          '',
          ' ',
          ':x',
          '#elsewhere',
          '1abc',
          'a b',
        ),
        hostile.filter((text) => !/^[A-Za-z[\]\\`_^{|}][\w[\]\\`^{|}-]*$/.test(text)),
      ),
      async (channel) => {
        server.bytes = Buffer.alloc(0);
        const sending = under.chat.send({ platform: 'irc', channel }, say('x'), `target/${channel}`);
        await expect(sending).rejects.toBeInstanceOf(NotSent);
        expect(server.lines()).toEqual([]);
      },
    ),
  );
});

test('what the library itself answers cannot be more than one line either', async () => {
  server.bytes = Buffer.alloc(0);
  server.write('PING :a\rQUIT :b\r\n:x\u0000y!u@h PRIVMSG switchdc :\u0001VERSION\u0001\r\nPING :end\r\n');
  await eventually(() => server.lines().includes('PONG end'), 'the last PING is answered');
  expect(server.lines()).toEqual(['PONG aQUIT :b', 'NOTICE xy :\u0001VERSION switchdc\u0001', 'PONG end']);
});

test('the last door before the socket lets one line of 510 bytes through, whole characters only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 800 }), (text) => {
      const line = oneLineOf(text);
      expect(line).not.toMatch(/[\r\n\0]/);
      expect(Buffer.byteLength(line.replace(/^@[^ ]* /, ''))).toBeLessThanOrEqual(510);
    }),
  );
  expect(oneLineOf('é'.repeat(300))).toBe('é'.repeat(255));
  expect(oneLineOf(`@label=s1 ${'x'.repeat(600)}`)).toBe(`@label=s1 ${'x'.repeat(510)}`);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { linesOf } from '../../../src/chat/terminal/lines-of.js';

async function lines(...chunks: (string | Buffer)[]): Promise<string[]> {
  const all: string[] = [];
  for await (const line of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) all.push(line);
  return all;
}

test('LF and CRLF end lines, the end of the input the last one', async () => {
  expect(await lines('one\ntwo\r\n\nthr', 'ee')).toEqual(['one', 'two', '', 'three']);
  expect(await lines('one\n')).toEqual(['one']);
  expect(await lines()).toEqual([]);
  expect(await lines('\r')).toEqual(['']);
});

test('a character that is cut between two chunks is whole again', async () => {
  const bytes = Buffer.from('größer\n');
  expect(await lines(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größer']);
});

test('invalid UTF-8 becomes replacement characters, a byte order mark nothing', async () => {
  expect(await lines(Buffer.from([0x61, 0xff, 0x62, 0x0a]))).toEqual(['a\ufffdb']);
  expect(await lines('\ufeffgo 41\n')).toEqual(['go 41']);
});

test('of a line of 10 MB only the beginning is kept, and the next line is whole', async () => {
  const part = 'x'.repeat(1_000_000);
  const [long = '', next] = await lines(...Array.from({ length: 10 }, () => part), '\ngo 41');
  expect([long.length, next]).toEqual([65_536, 'go 41']);
});

test('where bytes are cut into chunks makes no difference', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .uint8Array({ maxLength: 60 })
        .map((bytes) => Buffer.from(bytes.map((byte) => (byte < 60 ? 0x0a : byte)))),
      fc.array(fc.nat(60), { maxLength: 5 }),
      async (bytes, cuts) => {
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(await lines(...chunks)).toEqual(await lines(bytes));
      },
    ),
  );
});

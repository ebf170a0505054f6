import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CapturedOutput } from '../../../src/hosts/ssh/captured-output.js';
import { StartOfOutput } from '../../../src/hosts/ssh/start-of-output.js';

const MARK = 'switchdc-0123456789abcdef';
/** The same bytes in pieces of any size. */
const inPieces = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

describe('what a login shell says', () => {
  test('is taken apart however it arrives: before the mark, the group, the output', () => {
    fc.assert(
      fc.property(
        bytes,
        bytes,
        fc.integer({ min: 2, max: 4_194_304 }),
        sizes,
        (noise, output, group, cuts) => {
          const start = new StartOfOutput(MARK);
          const all = Buffer.concat([noise, Buffer.from(`${MARK} ${group}\n`), output]);
          const ours = inPieces(all, cuts).flatMap((piece) => start.push(piece) ?? []);
          expect(start.group).toBe(group);
          expect(Buffer.concat(ours)).toEqual(output);
        },
      ),
    );
  });

  test('is kept where the command never began', () => {
    const start = new StartOfOutput(MARK);
    expect(start.push(Buffer.from('This account is not available.\n'))).toBeUndefined();
    expect(start.group).toBeUndefined();
    expect(start.noise).toBe('This account is not available.');
  });

  test('is not kept for ever, and the mark is still found', () => {
    const start = new StartOfOutput(MARK);
    for (let time = 0; time < 100; time += 1) start.push(Buffer.alloc(10_000, 'x'));
    start.push(Buffer.from(MARK.slice(0, 7)));
    expect(start.noise.length).toBeLessThan(300_000);
    expect(start.push(Buffer.from(`${MARK.slice(7)} 12\nout`))?.toString()).toBe('out');
    expect(start.group).toBe(12);
  });
});

describe('an output', () => {
  test('is text as it was said, however it arrives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), sizes, (text, cuts) => {
        const output = new CapturedOutput(10_000);
        for (const piece of inPieces(Buffer.from(text), cuts)) output.push(piece);
        expect(output.text()).toBe(text);
      }),
    );
  });

  test('that is too long is cut between characters, and says how long it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 30 }),
        fc.integer({ min: 1, max: 29 }),
        sizes,
        (text, most, cuts) => {
          const whole = Buffer.from(text);
          const output = new CapturedOutput(most);
          for (const piece of inPieces(whole, cuts)) output.push(piece);
          const [kept = '', mark] = output.text().split(/\n(?=\[cut here: \d+ bytes in all\]$)/);
          expect(mark).toBe(`[cut here: ${whole.length} bytes in all]`);
          expect(text.startsWith(kept)).toBe(true);
          expect(most - Buffer.byteLength(kept)).toBeLessThan(4);
        },
      ),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Turns } from '../../../src/hosts/ssh/turns.js';

describe('turns', () => {
  test('are taken by so many at once, in order, and none is lost, whoever gives up', async () => {
    const step = fc.oneof(fc.constant('ask' as const), fc.constant('end' as const), fc.nat({ max: 9 }));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 40 }),
        async (most, steps) => {
          const turns = new Turns(most);
          /** Those who have one, and those who wait, by their number. */
          const having: [number, () => void][] = [];
          const waiting = new Map<number, AbortController>();
          let asked = 0;
          for (const what of steps) {
            if (what === 'ask') {
              const number = asked;
              asked += 1;
              const giveUp = new AbortController();
              waiting.set(number, giveUp);
              turns.take(giveUp.signal).then(
                (release) => {
                  expect(number).toBe(Math.min(...waiting.keys()));
                  waiting.delete(number);
                  having.push([number, release]);
                },
                () => undefined,
              );
            } else if (what === 'end') {
              const release = having.shift()?.[1];
              release?.();
              // A second time it ends nothing.
              release?.();
            } else {
              const [number, giveUp] = [...waiting][what] ?? [];
              if (number !== undefined) waiting.delete(number);
              giveUp?.abort();
            }
            await new Promise((resolve) => setImmediate(resolve));
            expect(having.length).toBeLessThanOrEqual(most);
            if (waiting.size > 0) expect(having.length).toBe(most);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('are not taken by whoever had given up before', async () => {
    await expect(new Turns(1).take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});

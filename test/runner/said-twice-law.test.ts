import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blocked } from '../../src/runbook/finding.js';
import type { Entry } from '../../src/runner/entry.js';
import {
  abortOrder,
  type Caller,
  holdOrder,
  type Order,
  resumeOrder,
  retryOrder,
  skipOrder,
  takeOrder,
  voteOrder,
  withdrawOrder,
} from '../../src/runner/orders.js';
import { saidIn } from '../../src/runner/said-in.js';
import { asked, QuietRunner, saying } from '../support/quiet-runner.js';
import { alice, bob, carol } from '../support/toy-crowd.js';
import { oneGo } from '../support/toy-runbook.js';

const orders: readonly Order[] = [
  holdOrder('lunch'),
  holdOrder('lunch'),
  resumeOrder(),
  resumeOrder(),
  takeOrder(),
  retryOrder(),
  skipOrder('00-a', 'late', oneGo),
  voteOrder('go', 'gate'),
  voteOrder('nogo', 'gate'),
  withdrawOrder('gate'),
  abortOrder('enough'),
];

interface Word {
  readonly order: Order;
  readonly who: Caller;
  /** Which earlier messages are delivered once more after it, counted from the first. */
  readonly again: readonly number[];
}

const words = fc.array(
  fc.record<Word>({
    order: fc.constantFrom(...orders),
    who: fc.constantFrom(alice, bob, carol),
    again: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
  }),
  { maxLength: 12 },
);

const AT = { task: '00-b', step: 'check', direction: 'forward', round: 1, attempt: 1 } as const;
/** A run in which most that can be ordered has something to act on. */
const underWay: readonly Entry[] = [
  { kind: 'run-started', digest: 'd' },
  { kind: 'phase-started', phase: '0' },
  { kind: 'step-started', ...AT },
  {
    kind: 'step-ended',
    ...AT,
    outcome: { kind: 'checked', finding: blocked([]), before: null, changes: [] },
    took: 1,
  },
];

type Repeats = 'none' | 'of what acted' | 'of anything';

/** What a run has in its journal after all that people have said. */
async function saidAll(said: readonly Word[], repeats: Repeats): Promise<Entry[]> {
  using quiet = new QuietRunner();
  await quiet.runner.request(asked, saying(alice, 'm'));
  await quiet.tell(1, ...underWay);
  const acted = new Map<number, number>();
  for (const [index, { again }] of said.entries()) {
    for (const number of [index, ...(repeats === 'none' ? [] : again)]) {
      const word = said[number];
      const isFirst = number === index && !acted.has(number);
      if (word === undefined || number > index) continue;
      if (!isFirst && !acted.has(number) && repeats === 'of what acted') continue;
      const result = await quiet.runner.order(1, word.order, saying(word.who, `m${number}`));
      if (acted.has(number)) expect(result).toMatchObject({ value: { seq: acted.get(number) } });
      if (result.ok) acted.set(number, result.value.seq);
    }
  }
  return await quiet.entries(1);
}

test('whatever has acted and is delivered again, however often and however late: the journal is the same', async () => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      expect(await saidAll(said, 'of what acted')).toEqual(await saidAll(said, 'none'));
    }),
    { numRuns: 150 },
  );
});

test('whatever is delivered again, no message stands with two entries', async () => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      const messages = (await saidAll(said, 'of anything')).flatMap((entry) => saidIn(entry)?.message ?? []);
      expect(messages).toEqual([...new Set(messages)]);
    }),
    { numRuns: 100 },
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type LockRecord,
  isHeldByAnother,
  isSameOwner,
  takenNext,
} from '../../../src/state/etcd/lock-record.js';
import type { LockOwner } from '../../../src/state/locks.js';

const owners: LockOwner[] = [
  { installation: 'one', run: 1 },
  { installation: 'one', run: 2 },
  { installation: 'two', run: 1 },
];

test('what is kept of a lock tells as much as its whole history: who else has held it since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ owner: fc.constantFrom(...owners), gap: fc.integer({ min: 1, max: 5 }) })),
      fc.constantFrom(...owners),
      fc.nat(60),
      (acquisitions, asking, since) => {
        let record: LockRecord = { fence: 0, taken: undefined, held: undefined };
        const history: { owner: LockOwner; fence: number }[] = [];
        for (const { owner, gap } of acquisitions) {
          const fence = record.fence + gap;
          record = { fence, taken: takenNext(record, owner, 'some day', 'a token'), held: undefined };
          history.push({ owner, fence });
        }
        const expected = history.some(({ owner, fence }) => fence > since && !isSameOwner(owner, asking));
        expect(isHeldByAnother(record, asking, since)).toBe(expected);
      },
    ),
  );
});

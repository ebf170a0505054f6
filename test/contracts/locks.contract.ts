import { describe, expect, it } from '@jest/globals';
import { type Clock, sleep } from '../../src/domain/clock.js';
import { SECOND, type Millis } from '../../src/domain/instant.js';
import { LeaseLost, LockHeld } from '../../src/state/errors.js';
import type { LockOwner, Locks } from '../../src/state/locks.js';

export interface LocksUnderTest {
  readonly locks: Locks;
  /** The same locks as another process has them. */
  readonly other: Locks;
  readonly clock: Clock;
  /** The first process cannot reach the store any more, and does not know it yet. */
  cutOff(): void;
}

const run = (number: number): LockOwner => ({ installation: 'test', run: number });

/** What all locks do. `ttl` is the life of a lease in these tests. */
export function locksContract(
  name: string,
  withLocks: (test: (under: LocksUnderTest) => Promise<void>) => Promise<void>,
  ttl: Millis = 30 * SECOND,
): void {
  const given = (sentence: string, test: (under: LocksUnderTest) => Promise<void>): void =>
    it(sentence, () => withLocks(test));

  describe(`the locks ${name}`, () => {
    given(
      'are taken at once, and refused to others with the name of the holder',
      async ({ locks, other }) => {
        const { lease, heldByAnother } = await locks.acquire('mediawiki', ttl, run(1));
        expect(lease).toMatchObject({ name: 'mediawiki', owner: run(1), fence: { lock: 'mediawiki' } });
        expect(heldByAnother).toBe(false);
        expect(lease.remaining()).toBeGreaterThan(0);
        const refused = other.acquire('mediawiki', ttl, run(2));
        await expect(refused).rejects.toThrow(LockHeld);
        await expect(refused).rejects.toMatchObject({ holder: { name: 'mediawiki', owner: run(1) } });
      },
    );

    given('are independent of each other', async ({ locks, other }) => {
      await locks.acquire('database/s1', ttl, run(1));
      await other.acquire('database/s2', ttl, run(2));
      const holders = await other.holders();
      expect(holders.map(({ name: lock, owner }) => [lock, owner.run]).sort()).toEqual([
        ['database/s1', 1],
        ['database/s2', 2],
      ]);
      for (const { expiresIn } of holders) expect(expiresIn).toBeGreaterThan(0);
    });

    given('are free as soon as they are released', async ({ locks, other }) => {
      const { lease } = await locks.acquire('mediawiki', ttl, run(1));
      await lease.release();
      expect(await other.holders()).toEqual([]);
      const next = await other.acquire('mediawiki', ttl, run(2));
      expect(next.lease.fence.number).toBeGreaterThan(lease.fence.number);
    });

    given('are renewed for as long as they are held', async ({ locks, other, clock }) => {
      const { lease } = await locks.acquire('mediawiki', ttl, run(1));
      await sleep(clock, 5 * ttl);
      await expect(other.acquire('mediawiki', ttl, run(2))).rejects.toThrow(LockHeld);
      expect(lease.lost.aborted).toBe(false);
      expect(lease.remaining()).toBeGreaterThan(0);
    });

    given('give their own owner a higher fence at once, and end the lease it had', async ({ locks }) => {
      const before = await locks.acquire('mediawiki', ttl, run(1));
      const after = await locks.acquire('mediawiki', ttl, run(1), before.lease.fence.number);
      expect(after.lease.fence.number).toBeGreaterThan(before.lease.fence.number);
      expect(after.heldByAnother).toBe(false);
      expect(before.lease.lost.aborted).toBe(true);
      expect(before.lease.remaining()).toBe(0);
      expect(after.lease.lost.aborted).toBe(false);
    });

    given(
      'tell a process that its owner took its lease over in another process',
      async ({ locks, other, clock }) => {
        const { lease } = await locks.acquire('mediawiki', ttl, run(1));
        await other.acquire('mediawiki', ttl, run(1));
        await sleep(clock, ttl);
        expect(lease.lost.aborted).toBe(true);
      },
    );

    given('say whether somebody else has held them in between', async ({ locks, other }) => {
      const before = await locks.acquire('mediawiki', ttl, run(1));
      await before.lease.release();
      const between = await other.acquire('mediawiki', ttl, run(2));
      await between.lease.release();
      const after = await locks.acquire('mediawiki', ttl, run(1), before.lease.fence.number);
      expect(after.heldByAnother).toBe(true);
      await after.lease.release();
      await (await other.acquire('mediawiki', ttl, run(1))).lease.release();
      const again = await locks.acquire('mediawiki', ttl, run(1), after.lease.fence.number);
      expect(again.heldByAnother).toBe(false);
    });

    given('are given up before the store frees them when they cannot be renewed', async (under) => {
      const { locks, other, clock } = under;
      const { lease } = await locks.acquire('mediawiki', ttl, run(1));
      let freeWhenLost: boolean | undefined;
      const lost = new Promise<void>((resolve) => {
        lease.lost.addEventListener('abort', () => {
          void other.holders().then((holders) => {
            freeWhenLost = holders.length === 0;
            resolve();
          });
        });
      });
      under.cutOff();
      await lost;
      expect(freeWhenLost).toBe(false);
      await sleep(clock, ttl);
      const next = await other.acquire('mediawiki', ttl, run(2));
      expect(next.lease.fence.number).toBeGreaterThan(lease.fence.number);
    });

    given('can be made to last for a long call, and are not shortened by a renewal', async (under) => {
      const { lease } = await under.locks.acquire('mediawiki', ttl, run(1));
      await lease.extend(4 * ttl);
      expect(lease.remaining()).toBeGreaterThan(3 * ttl);
      await sleep(under.clock, ttl);
      expect(lease.remaining()).toBeGreaterThan(2 * ttl);
      // Nobody renews it any more, and still nobody else gets it before the call is over.
      under.cutOff();
      await sleep(under.clock, ttl);
      expect(lease.lost.aborted).toBe(false);
      await expect(under.other.acquire('mediawiki', ttl, run(2))).rejects.toThrow(LockHeld);
      await sleep(under.clock, 4 * ttl);
      expect(lease.lost.aborted).toBe(true);
      await under.other.acquire('mediawiki', ttl, run(2));
    });

    given('cannot be made longer once they are lost', async (under) => {
      const { lease } = await under.locks.acquire('mediawiki', ttl, run(1));
      await under.other.acquire('mediawiki', ttl, run(1));
      await expect(lease.extend(ttl)).rejects.toThrow(LeaseLost);
    });

    given('can be released when they are lost', async (under) => {
      const { lease } = await under.locks.acquire('mediawiki', ttl, run(1));
      await under.other.acquire('mediawiki', ttl, run(1));
      await lease.release();
      expect(await under.other.holders()).toHaveLength(1);
    });
  });
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sleep, systemClock } from '../../../src/domain/clock.js';
import { HOUR, SECOND, instant } from '../../../src/domain/instant.js';
import { LockHeld } from '../../../src/state/errors.js';
import type { Lease } from '../../../src/state/locks.js';
import { locksContract } from '../../contracts/locks.contract.js';
import { type EtcdUnderTest, begin, etcdUnderTest } from './etcd-under-test.js';

let lab: EtcdUnderTest;
beforeAll(async () => {
  lab = await etcdUnderTest();
}, 60_000);
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

locksContract(
  'in etcd',
  async (run) => {
    await using space = lab.space();
    const first = await space.open({ endpoints: lab.cluster.linkedEndpoints });
    const { locks: other } = await space.open();
    try {
      await run({
        locks: first.locks,
        other,
        clock: systemClock(),
        cutOff: () => lab.cluster.members.forEach(({ link }) => link.stall()),
      });
    } finally {
      for (const { link } of lab.cluster.members) link.mend();
    }
  },
  3 * SECOND,
);

/** Resolves when the lease is lost. */
const lost = ({ lost: signal }: Lease): Promise<unknown> =>
  new Promise((resolve) =>
    signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true }),
  );

test('a lease is lost when somebody removes the key of its lock', async () => {
  await using space = lab.space();
  const lease = await begin(await space.open(), 3 * SECOND);
  await lab.cluster.etcdctl(['del', `${space.ownPrefix}/locks/mediawiki`]);
  await lost(lease);
  expect(lease.remaining()).toBe(0);
});

test('a lease that was made longer is one of the usual length again afterwards, and is never lost', async () => {
  await using space = lab.space();
  const { locks } = await space.open();
  const owner = { installation: 'test', run: 1 };
  const { lease } = await locks.acquire('mediawiki', 4 * SECOND, owner);
  await lease.extend(5 * SECOND);
  const life = async () => (await locks.holders())[0]?.expiresIn ?? 0;
  expect(await life()).toBeGreaterThan(5 * SECOND);
  const clock = systemClock();
  const until = clock.now() + 10 * SECOND;
  while (clock.now() < until) {
    expect(await life()).toBeGreaterThan(0);
    expect(lease.lost.reason).toBeUndefined();
  }
  expect(await life()).toBeLessThanOrEqual(5 * SECOND);
});

test('a lock is seen to be held also while it is put from one lease on another', async () => {
  await using space = lab.space();
  const { locks } = await space.open();
  // Whoever looks is far from the store, so that the lock moves between one question and the next.
  const { locks: afar } = await space.open({ endpoints: lab.cluster.linkedEndpoints });
  const { lease } = await locks.acquire('mediawiki', 60 * SECOND, { installation: 'test', run: 1 });
  const links = lab.cluster.members.map(({ link }) => link);
  try {
    for (const link of links) link.delay(10);
    for (let look = 1; look <= 20; look += 1) {
      const looking = afar.holders();
      for (const _ of [1, 2]) await lease.extend(lease.remaining() + SECOND);
      expect(await looking).toMatchObject([{ name: 'mediawiki', owner: { run: 1 } }]);
    }
  } finally {
    for (const link of links) link.delay(0);
  }
});

test('a lock that was written by hand, on no lease, is held until it is deleted', async () => {
  await using space = lab.space();
  const { locks } = await space.open();
  const key = `${space.ownPrefix}/locks/mediawiki`;
  const other = { installation: 'another', run: 7 };
  await lab.cluster.etcdctl(['put', key, JSON.stringify(other)]);
  const wanted = () => locks.acquire('mediawiki', 10 * SECOND, { installation: 'test', run: 1 });
  await expect(wanted()).rejects.toMatchObject({ holder: { name: 'mediawiki', owner: other } });
  expect(await locks.holders()).toEqual([{ name: 'mediawiki', owner: other, expiresIn: 0 }]);
  await lab.cluster.etcdctl(['del', key]);
  await wanted();
});

test('locks live on when the date of the machine jumps', async () => {
  await using space = lab.space();
  let date = systemClock().now();
  const { locks } = await space.open({ clock: { ...systemClock(), now: () => date } });
  const { lease } = await locks.acquire('mediawiki', 4 * SECOND, { installation: 'test', run: 1 });
  const before = lease.remaining();
  date = instant(date + HOUR);
  expect(Math.abs(lease.remaining() - before)).toBeLessThan(SECOND);
  await sleep(systemClock(), 5 * SECOND);
  expect(lease.lost.aborted).toBe(false);
});

test('of many who want a lock at the same time one gets it', async () => {
  await using space = lab.space();
  const wanted = await Promise.allSettled(
    Array.from({ length: 8 }, async (_, run) => {
      const { locks } = await space.open();
      return locks.acquire('mediawiki', 10 * SECOND, { installation: 'test', run });
    }),
  );
  expect(wanted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of wanted)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LockHeld);
});

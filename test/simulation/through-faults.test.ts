import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../src/domain/clock.js';
import { MINUTE, SECOND } from '../../src/domain/instant.js';
import { slowDisk } from '../../src/simulation/slow-disk.js';
import { LockHeld, StoreUnavailable, StoreUnknown } from '../../src/state/errors.js';
import { exactly } from '../../src/state/selector.js';
import { codfw, eqiad } from '../support/practice-installation.js';
import { SwitchByHand } from '../support/switch-by-hand.js';
import { type TwoDatacenters, authority, openTwoDatacenters } from '../support/two-datacenters.js';

const owner = { installation: 'test', run: 1 };
const tags = { scope: 'eqiad', name: 'ReadOnly' };
const change = { kind: 'mwconfig' as const, tags, from: { val: false }, to: { val: 'a reason' } };
const value = async ({ embedded }: TwoDatacenters) =>
  (await embedded.select('mwconfig', exactly(tags)))[0]?.fields['val'];

describe('while the state store is unavailable', () => {
  test('nothing is read and nothing is written, until it is back', async () => {
    using pair = openTwoDatacenters();
    const { lease } = await pair.locks.acquire('mediawiki', MINUTE, owner);
    pair.world.faults.cause({ kind: 'store-unavailable' });
    await expect(pair.state.select('mwconfig', exactly(tags))).rejects.toThrow(StoreUnavailable);
    await expect(pair.state.replace([change], authority, lease.fence)).rejects.toThrow(StoreUnavailable);
    await expect(pair.locks.acquire('discovery', MINUTE, owner)).rejects.toThrow(StoreUnavailable);
    await expect(pair.locks.holders()).rejects.toThrow(StoreUnavailable);
    expect(await value(pair)).toBe(false);
    pair.world.faults.clear('store');
    await pair.state.replace([change], authority, lease.fence);
    expect(await value(pair)).toBe('a reason');
  });

  test('app servers go on with what they have read', async () => {
    using pair = openTwoDatacenters();
    const by = new SwitchByHand(pair, codfw, eqiad);
    await by.setReadOnly('a reason');
    pair.world.faults.cause({ kind: 'store-unavailable' });
    await by.pass(MINUTE);
    const readOnly = () =>
      pair.world.look().datacenters.flatMap(({ appServers }) => appServers.map((server) => server.readOnly));
    expect(new Set(readOnly())).toEqual(new Set([false]));
    pair.world.faults.clear('store');
    await by.cacheLifetime();
    expect(new Set(readOnly())).toEqual(new Set(['a reason']));
  });

  test('a lease is lost when its life is over, and its owner can have it back', async () => {
    using pair = openTwoDatacenters();
    const { lease } = await pair.locks.acquire('mediawiki', 30 * SECOND, owner);
    pair.world.faults.cause({ kind: 'store-unavailable' });
    const left = lease.remaining();
    await sleep(pair.clock, left - 1);
    expect([lease.lost.aborted, lease.remaining()]).toEqual([false, 1]);
    await sleep(pair.clock, 2);
    expect([lease.lost.aborted, lease.remaining()]).toEqual([true, 0]);
    pair.world.faults.clear('store');
    await expect(pair.locks.acquire('mediawiki', 30 * SECOND, { ...owner, run: 2 })).rejects.toThrow(
      LockHeld,
    );
    const again = await pair.locks.acquire('mediawiki', 30 * SECOND, owner, lease.fence.number);
    expect(again.heldByAnother).toBe(false);
  });

  test('a lease survives when the store is back in time', async () => {
    using pair = openTwoDatacenters();
    const { lease } = await pair.locks.acquire('mediawiki', 30 * SECOND, owner);
    pair.world.faults.cause({ kind: 'store-unavailable' });
    await sleep(pair.clock, 10 * SECOND);
    pair.world.faults.clear();
    await sleep(pair.clock, MINUTE);
    expect(lease.lost.aborted).toBe(false);
    expect(lease.remaining()).toBeGreaterThan(0);
  });

  test('a watch tells what happened once the store is back', async () => {
    using pair = openTwoDatacenters();
    const stop = new AbortController();
    const seen: unknown[] = [];
    const watching = (async () => {
      for await (const { fields } of pair.state.watch('mwconfig', exactly(tags), stop.signal))
        seen.push(fields['val']);
    })();
    await sleep(pair.clock, SECOND);
    pair.world.faults.cause({ kind: 'store-unavailable' });
    const { lease } = await pair.embeddedLocks.acquire('mediawiki', MINUTE, owner);
    await pair.embedded.replace([change], authority, lease.fence);
    await sleep(pair.clock, 5 * SECOND);
    expect(seen).toEqual([false]);
    pair.world.faults.clear();
    await sleep(pair.clock, SECOND);
    expect(seen).toEqual([false, 'a reason']);
    stop.abort();
    await watching;
  });
});

test('an answer of the store that is lost leaves the write done and its outcome unknown', async () => {
  using pair = openTwoDatacenters();
  const { lease } = await pair.locks.acquire('mediawiki', MINUTE, owner);
  pair.world.faults.cause({ kind: 'store-answer-lost' });
  await expect(pair.state.replace([change], authority, lease.fence)).rejects.toThrow(StoreUnknown);
  expect(await value(pair)).toBe('a reason');
});

test('a slow disk delays what writes and nothing else', async () => {
  using pair = openTwoDatacenters();
  class Notebook {
    readonly #lines: string[] = [];
    append(line: string): Promise<number> {
      return Promise.resolve(this.#lines.push(line));
    }
    read(): string[] {
      return this.#lines;
    }
  }
  const notebook = slowDisk(new Notebook(), ['append'], pair.world.faults, pair.clock);
  const began = pair.clock.now();
  expect(await notebook.append('one')).toBe(1);
  expect(pair.clock.now() - began).toBe(0);
  pair.world.faults.cause({ kind: 'disk-slow', delay: 500 });
  expect(await notebook.append('two')).toBe(2);
  expect(notebook.read()).toEqual(['one', 'two']);
  expect(pair.clock.now() - began).toBe(500);
});

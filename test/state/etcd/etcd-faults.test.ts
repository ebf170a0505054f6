import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Etcd3 } from 'etcd3';
import { FenceLost, InvalidObject, StateConflict, StoreUnavailable } from '../../../src/state/errors.js';
import { usualTimes } from '../../../src/state/etcd/etcd-options.js';
import type { Etcd } from '../../../src/state/etcd/open-etcd.js';
import type { Lease } from '../../../src/state/locks.js';
import {
  type EtcdSpace,
  type EtcdUnderTest,
  begin,
  by,
  etcdUnderTest,
  everything,
  readOnly,
  setReadOnly,
  watching,
} from './etcd-under-test.js';

let lab: EtcdUnderTest;
beforeAll(async () => {
  lab = await etcdUnderTest();
}, 60_000);
afterEach(() => lab.cluster.restore());
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

const valueIn = async ({ state }: Etcd) => (await state.select('mwconfig', everything))[0]?.fields['val'];
const logOf = async (ownPrefix: string): Promise<string[]> => {
  const text = await lab.cluster.etcdctl(['get', '--prefix', `${ownPrefix}/log/`, '--print-value-only']);
  return text.trimEnd().split('\n');
};

/** Counts up in `ReadOnly`: a write that was lost or made twice is a conflict at the next. */
async function count(etcd: Etcd, lease: Lease, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1)
    await etcd.state.replace(
      [setReadOnly(number === 0 ? false : `${number}`, `${number + 1}`)],
      by,
      lease.fence,
    );
}

describe('while members of the store fail', () => {
  test('a leader that is killed loses no write and doubles none', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const lease = await begin(etcd);
    await count(etcd, lease, 0, 20);
    const leader = await lab.cluster.leader();
    const counting = count(etcd, lease, 20, 120);
    await leader.server.kill();
    await counting;
    expect(await valueIn(etcd)).toBe('120');
    // The first ReadOnly, and each count once.
    expect(await logOf(space.ownPrefix)).toHaveLength(121);
  });

  test('a leader that hangs and comes back loses no write and doubles none', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const lease = await begin(etcd);
    const leader = await lab.cluster.leader();
    leader.server.freeze();
    await count(etcd, lease, 0, 20);
    leader.server.thaw();
    await count(etcd, lease, 20, 40);
    await lab.cluster.healthy();
    expect(await valueIn(etcd)).toBe('40');
    expect(await logOf(space.ownPrefix)).toHaveLength(41);
  });

  test('a member that hangs is left for another', async () => {
    await using space = lab.space();
    for (const { server, endpoint } of lab.cluster.members) {
      // The first endpoint is asked first.
      const others = lab.cluster.endpoints.filter((other) => other !== endpoint);
      // On a busy machine the others may take longer to agree on a new leader than a read usually waits.
      const times = { ...usualTimes, read: 15_000 };
      const etcd = await space.open({ endpoints: [endpoint, ...others], times });
      await etcd.state.select('mwconfig', everything);
      server.freeze();
      expect(await etcd.state.select('mwconfig', everything)).toEqual([]);
      await lab.cluster.restore();
    }
    expect(space.told).toEqual([]);
  });

  test('a write whose answer is lost is found out to have happened', async () => {
    await using space = lab.space();
    await using direct = watching(await space.open());
    const [member] = lab.cluster.members;
    const times = { ...usualTimes, attempt: 5_000, write: 15_000 };
    member!.link.delay(100);
    const etcd = await space.open({ endpoints: [member!.linked], times });
    const lease = await begin(etcd);
    const writing = etcd.state.replace([setReadOnly(false, 'a reason')], by, lease.fence);
    await direct.until((seen) => seen.length === 2);
    // The store has it, and for another 100 ms the answer is on its way.
    member!.link.cut();
    member!.link.mend();
    await expect(writing).resolves.toMatchObject([{ fields: { val: 'a reason' } }]);
    expect(direct.values()).toEqual([false, 'a reason']);
    expect(await logOf(space.ownPrefix)).toHaveLength(2);
    member!.link.delay(0);
  });

  /** A write over a slow link to the first member; `between` happens after it has looked and before it writes. */
  async function slowWrite(space: EtcdSpace, between: (direct: Etcd) => Promise<unknown>) {
    const [member, ...others] = lab.cluster.members;
    const direct = await space.open({ endpoints: others.map(({ endpoint }) => endpoint) });
    const lease = await begin(direct);
    const transactions = async () =>
      /grpc_server_handled_total\{grpc_code="OK",grpc_method="Txn".*\} (\d+)/.exec(
        await (await fetch(`${member!.metrics}/metrics`)).text(),
      )?.[1];
    member!.link.delay(300);
    const times = { ...usualTimes, attempt: 5_000, write: 15_000 };
    const slow = await space.open({ endpoints: [member!.linked], times });
    const before = await transactions();
    const writing = slow.state.replace([setReadOnly(false, 'a reason')], by, lease.fence);
    writing.catch(() => undefined);
    while ((await transactions()) === before);
    // The answer to its look takes 300 ms to get there, and what it then writes another 300 ms.
    await between(direct);
    member!.link.delay(0);
    return { writing, direct };
  }

  test('a write whose lock is taken over while it is under way is refused by the store', async () => {
    await using space = lab.space();
    const { writing, direct } = await slowWrite(space, ({ locks }) =>
      locks.acquire('mediawiki', 60_000, { installation: 'test', run: 41 }),
    );
    await expect(writing).rejects.toThrow(FenceLost);
    expect(await valueIn(direct)).toBe(false);
  });

  test('a write whose object changes while it is under way is refused by the store', async () => {
    await using space = lab.space();
    const { writing, direct } = await slowWrite(space, async ({ state, locks }) => {
      const { lease } = await locks.acquire('other', 60_000, { installation: 'test', run: 42 });
      await state.replace([setReadOnly(false, 'theirs')], by, lease.fence);
    });
    await expect(writing).rejects.toMatchObject({ expected: false, found: 'theirs' });
    expect(await valueIn(direct)).toBe('theirs');
  });

  test('while all are gone the last good values are read, marked as old, and writes are refused', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const lease = await begin(etcd, 4_000);
    const [fresh] = await etcd.state.select('mwconfig', everything);
    expect(fresh).not.toHaveProperty('stale');
    await lab.cluster.kill();
    const [old] = await etcd.state.select('mwconfig', everything);
    expect(old).toEqual({ ...fresh, stale: expect.any(Number) });
    await expect(etcd.state.select('discovery', everything)).rejects.toThrow(StoreUnavailable);
    const refused = etcd.state.replace([setReadOnly(false, 'a reason')], by, lease.fence);
    await expect(refused).rejects.toThrow(
      /^mwconfig\/name=ReadOnly,scope=eqiad cannot be written .*check that/,
    );
    await expect(refused).rejects.toThrow(StoreUnavailable);
    if (!lease.lost.aborted)
      await new Promise((resolve) => lease.lost.addEventListener('abort', resolve, { once: true }));
    expect(lease.remaining()).toBe(0);
    await lab.cluster.restore();
    expect(await etcd.state.select('mwconfig', everything)).toEqual([fresh]);
    const since = lease.fence.number;
    const again = await etcd.locks.acquire('mediawiki', 4_000, lease.owner, since);
    expect(again.heldByAnother).toBe(false);
    await etcd.state.replace([setReadOnly(false, 'a reason')], by, again.lease.fence);
    expect(space.told).toHaveLength(2);
    expect(space.told[0]).toContain('check that the store runs at');
    expect(space.told[1]).toBe('the state store answers again');
  });
});

describe('a write', () => {
  test('that expects something else names both values', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const lease = await begin(etcd);
    await etcd.state.replace([setReadOnly(false, 'theirs')], by, lease.fence);
    const refused = etcd.state.replace([setReadOnly(false, 'ours')], by, lease.fence);
    await expect(refused).rejects.toThrow(StateConflict);
    await expect(refused).rejects.toMatchObject({ field: 'val', expected: false, found: 'theirs' });
  });

  test('of which two are under way at the same time happens once', async () => {
    await using space = lab.space();
    const [one, other] = [await space.open(), await space.open()];
    const { fence } = await begin(one);
    const outcomes = await Promise.allSettled(
      [one, other].map(({ state }, index) =>
        state.replace([setReadOnly(false, `reason ${index}`)], by, fence),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toBeInstanceOf(StateConflict);
  });

  test('of other fields of the same objects by many at the same time is made by all of them', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    const tags = { dnsdisc: 'mw-web-rw', name: 'eqiad' };
    const whole = { pooled: true, references: [], ttl: 300 };
    await etcd.state.replace([{ kind: 'discovery', tags, from: { ttl: null }, to: whole }], by, fence);
    await Promise.all([
      etcd.state.replace([{ kind: 'discovery', tags, from: { ttl: 300 }, to: { ttl: 10 } }], by, fence),
      etcd.state.replace(
        [{ kind: 'discovery', tags, from: { pooled: true }, to: { pooled: false } }],
        by,
        fence,
      ),
    ]);
    const [object] = await etcd.state.select('discovery', everything);
    expect(object?.fields).toEqual({ pooled: false, references: [], ttl: 10 });
  });

  test('of one object in two changes applies one after the other', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    const changes = [setReadOnly(false, 'one'), setReadOnly('one', 'two')];
    const written = await etcd.state.replace(changes, by, fence);
    expect(written.map(({ fields }) => fields['val'])).toEqual(['two', 'two']);
  });

  test('of a whole farm of records is one transaction, and of more than fit is refused', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    const changes = (length: number) =>
      Array.from({ length }, (_, index) => ({
        kind: 'geodns' as const,
        tags: { geodns: 'text-addrs', name: `site${index}` },
        from: { pooled: null },
        to: { pooled: 'yes' },
      }));
    const written = await etcd.state.replace(changes(120), by, fence);
    expect(new Set(written.map(({ revision }) => revision)).size).toBe(1);
    expect(written).toHaveLength(120);
    await expect(etcd.state.replace(changes(121), by, fence)).rejects.toThrow(InvalidObject);
  });

  test('is spelled as conftool spells it, and leaves who and why in the log', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    await etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
    const key = `${space.prefix}/mediawiki-config/eqiad/ReadOnly`;
    expect(await lab.cluster.etcdctl(['get', key])).toBe(`${key}\n{"val":"a reason"}\n`);
    const entries = (await logOf(space.ownPrefix)).map((line) => JSON.parse(line) as unknown);
    expect(entries[1]).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      ...{ person: 'alice', run: 41, reason: 'a test', task: 'T12345', fence },
      changes: [
        {
          object: 'mwconfig/name=ReadOnly,scope=eqiad',
          before: { val: false },
          after: { val: 'a reason' },
        },
      ],
    });
  });

  test('makes the oldest entries leave the log, so that it does not grow for ever', async () => {
    await using space = lab.space();
    const client = new Etcd3({ hosts: [...lab.cluster.endpoints] });
    const old = Array.from({ length: 2_010 }, (_, index) => `2020-01-01T00:00:00.000Z-${10_000 + index}`);
    await Promise.all(old.map((name) => client.put(`${space.ownPrefix}/log/${name}`).value('{}')));
    client.close();
    await begin(await space.open());
    const text = await lab.cluster.etcdctl(['get', '--prefix', `${space.ownPrefix}/log/`, '--keys-only']);
    const left = text.split('\n').filter((line) => line !== '');
    expect(left).toHaveLength(2_000);
    expect(left[0]).toBe(`${space.ownPrefix}/log/${old[11]!}`);
    expect(left.at(-1)).not.toContain('2020-01-01');
  });

  test('is refused after the lease has ended, also when nobody else has the lock', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    await lab.cluster.etcdctl(['del', `${space.ownPrefix}/locks/mediawiki`]);
    const refused = etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
    await expect(refused).rejects.toThrow(FenceLost);
    await expect(refused).rejects.toMatchObject({ current: 0 });
    expect(await valueIn(etcd)).toBe(false);
  });

  test('cannot leave the kind it is of by a slash in a name', async () => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    const escape = {
      kind: 'mwconfig',
      tags: { scope: '../x', name: 'y/z' },
      from: {},
      to: { val: true },
    } as const;
    await expect(etcd.state.replace([escape], by, fence)).rejects.toThrow(InvalidObject);
  });
});

describe('an object that holds nonsense', () => {
  const nonsense = ['{"val": 7}', 'true', '{"val": false, "more": 1}', '{'];
  test.each(nonsense)('%s keeps its last good value, marked as old, and is not written', async (text) => {
    await using space = lab.space();
    const etcd = await space.open();
    const { fence } = await begin(etcd);
    const [good] = await etcd.state.select('mwconfig', everything);
    const key = `${space.prefix}/mediawiki-config/eqiad/ReadOnly`;
    await lab.cluster.etcdctl(['put', key, text]);
    for (let time = 0; time < 2; time += 1)
      expect(await etcd.state.select('mwconfig', everything)).toEqual([
        { ...good, stale: expect.any(Number) },
      ]);
    expect(space.told).toEqual([expect.stringContaining(key)]);
    await expect(etcd.state.replace([setReadOnly(false, 'a reason')], by, fence)).rejects.toThrow(
      InvalidObject,
    );
    // Without a last good value nothing is made up, and other objects are read as ever.
    const fresh = await space.open();
    await expect(fresh.state.select('mwconfig', everything)).rejects.toThrow(InvalidObject);
    const other = { patterns: { scope: /^common$/ }, text: 'scope=common' };
    expect(await fresh.state.select('mwconfig', other)).toEqual([]);
    await lab.cluster.etcdctl(['put', key, '{"val": "by hand"}']);
    expect(await etcd.state.select('mwconfig', everything)).toMatchObject([
      { tags: readOnly, fields: { val: 'by hand' } },
    ]);
    expect(space.told.at(-1)).toMatch(/is a mwconfig object again$/);
  });
});

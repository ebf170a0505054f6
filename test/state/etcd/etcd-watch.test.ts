import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { usualTimes } from '../../../src/state/etcd/etcd-options.js';
import { type EtcdUnderTest, begin, by, etcdUnderTest, setReadOnly, watching } from './etcd-under-test.js';

let lab: EtcdUnderTest;
beforeAll(async () => {
  lab = await etcdUnderTest();
}, 60_000);
afterEach(() => lab.cluster.restore());
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

test('a watch goes on when the history it has not seen yet was compacted', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  const { fence } = await begin(etcd);
  await using watch = watching(await space.open({ endpoints: lab.cluster.linkedEndpoints }));
  await watch.until((seen) => seen.length === 1);
  for (const { link } of lab.cluster.members) link.cut();
  await etcd.state.replace([setReadOnly(false, 'one')], by, fence);
  await etcd.state.replace([setReadOnly('one', 'two')], by, fence);
  await lab.cluster.compact();
  for (const { link } of lab.cluster.members) link.mend();
  await watch.until((seen) => seen.length === 2);
  await etcd.state.replace([setReadOnly('two', 'three')], by, fence);
  await watch.until((seen) => seen.length === 3);
  // What was never seen is not made up; where things stand is.
  expect(watch.values()).toEqual([false, 'two', 'three']);
});

test('a watch shows every change once while the members are restarted one after the other', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  const { fence } = await begin(etcd);
  await using watch = watching(await space.open());
  await watch.until((seen) => seen.length === 1);
  let value: string | false = false;
  for (const [index, { server }] of lab.cluster.members.entries()) {
    await server.stop();
    await etcd.state.replace([setReadOnly(value, `without ${index}`)], by, fence);
    await watch.until((seen) => seen.length === 2 + 2 * index);
    await server.start();
    await lab.cluster.healthy();
    value = `with ${index}`;
    await etcd.state.replace([setReadOnly(`without ${index}`, value)], by, fence);
    await watch.until((seen) => seen.length === 3 + 2 * index);
  }
  expect(watch.values()).toEqual([
    false,
    ...[0, 1, 2].flatMap((index) => [`without ${index}`, `with ${index}`]),
  ]);
});

test('a watch goes on at another member when the one it is at hangs', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  const { fence } = await begin(etcd);
  const leader = await lab.cluster.leader();
  const follower = lab.cluster.members.find((member) => member !== leader)!;
  const others = lab.cluster.endpoints.filter((endpoint) => endpoint !== follower.endpoint);
  await using watch = watching(await space.open({ endpoints: [follower.endpoint, ...others] }));
  await watch.until((seen) => seen.length === 1);
  follower.server.freeze();
  await etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
  await watch.until((seen) => seen.length === 2);
  expect(watch.values()).toEqual([false, 'a reason']);
});

test('a watch goes on after all were gone', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  const { fence } = await begin(etcd);
  await using watch = watching(await space.open());
  await watch.until((seen) => seen.length === 1);
  await lab.cluster.kill();
  await lab.cluster.restore();
  await etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
  await watch.until((seen) => seen.length === 2);
  expect(watch.values()).toEqual([false, 'a reason']);
});

test('a watch that is compared with the store all the time tells nothing twice', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  const { fence } = await begin(etcd);
  const primary = { kind: 'mwconfig', tags: { scope: 'common', name: 'WMFMasterDatacenter' } } as const;
  await etcd.state.replace([{ ...primary, from: { val: null }, to: { val: 'eqiad' } }], by, fence);
  await using watch = watching(await space.open({ times: { ...usualTimes, reconcile: 5 } }));
  let value: string | false = false;
  for (let number = 1; number <= 50; number += 1) {
    await etcd.state.replace([setReadOnly(value, `${number}`)], by, fence);
    value = `${number}`;
  }
  await watch.until((seen) => seen.at(-1)?.fields['val'] === '50');
  const values = watch.values();
  expect(values).toContain('eqiad');
  expect(new Set(values).size).toBe(values.length);
  const revisions = watch.seen.map(({ revision }) => revision);
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
});

test('an object that somebody removes is told with no fields, and told again when it is back', async () => {
  await using space = lab.space();
  const etcd = await space.open();
  await begin(etcd);
  await using watch = watching(etcd);
  await watch.until((seen) => seen.length === 1);
  const key = `${space.prefix}/mediawiki-config/eqiad/ReadOnly`;
  await lab.cluster.etcdctl(['del', key]);
  await watch.until((seen) => seen.length === 2);
  await lab.cluster.etcdctl(['put', key, '{"val":']);
  await lab.cluster.etcdctl(['put', key, '{"val":"by hand"}']);
  await watch.until((seen) => seen.length === 3);
  expect(watch.values()).toEqual([false, undefined, 'by hand']);
  expect(space.told).toEqual([
    expect.stringContaining('is refused'),
    expect.stringMatching(/is a mwconfig object again$/),
  ]);
});

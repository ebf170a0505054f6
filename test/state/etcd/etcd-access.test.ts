import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sleep, systemClock } from '../../../src/domain/clock.js';
import { etcdMember } from '../../../src/state/etcd/etcd-member.js';
import { type EtcdOptions, usualTimes } from '../../../src/state/etcd/etcd-options.js';
import { StoreUnavailable } from '../../../src/state/errors.js';
import {
  type EtcdUnderTest,
  begin,
  by,
  clientTls,
  etcdUnderTest,
  everything,
  setReadOnly,
  watching,
} from './etcd-under-test.js';

const PLANTED = 'planted-password-7291';
const user = (name: string, password = PLANTED): NonNullable<EtcdOptions['user']> => ({
  name,
  password: { reveal: () => password },
});

const usual: Omit<EtcdOptions, 'endpoints'> = {
  prefix: '/conftool/v1',
  ownPrefix: '/switchdc/v1',
  times: usualTimes,
  clock: systemClock(),
  steady: () => performance.now(),
  trouble: () => undefined,
};

/** The error of a read, and everything that could be printed of it. */
async function refusal(opening: ReturnType<ReturnType<EtcdUnderTest['space']>['open']>): Promise<string> {
  const etcd = await opening;
  const error = await etcd.state.select('mwconfig', everything).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreUnavailable);
  const printed = inspect([error, etcd], { depth: 12, showHidden: true, getters: false });
  expect(printed).not.toContain(PLANTED);
  return (error as Error).message;
}

describe('a store that wants certificates', () => {
  let lab: EtcdUnderTest;
  beforeAll(async () => {
    lab = await etcdUnderTest({ tls: true });
  }, 60_000);
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  test('is written, read, watched and locked with one', async () => {
    await using space = lab.space();
    const etcd = await space.open({ tls: clientTls(lab.cluster) });
    const { fence } = await begin(etcd);
    await using watch = watching(etcd);
    await watch.until((seen) => seen.length === 1);
    await etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
    await watch.until((seen) => seen.length === 2);
    expect(await etcd.locks.holders()).toHaveLength(1);
  });

  test('is not reached without one, and it is said that none is configured', async () => {
    await using space = lab.space();
    const { authority } = clientTls(lab.cluster);
    expect(await refusal(space.open({ tls: { authority } }))).toMatch(
      /wants a client certificate; none is configured$/,
    );
  });

  test('is not reached when its own certificate is of an authority that is not trusted', async () => {
    await using space = lab.space();
    await using stranger = await etcdUnderTest({ tls: true, members: 1 });
    const tls = { ...clientTls(lab.cluster), authority: clientTls(stranger.cluster).authority };
    expect(await refusal(space.open({ tls }))).toMatch(/trust each other's certificates$/);
  });

  test('is not reached without https, and that is said', async () => {
    await using space = lab.space();
    const endpoints = lab.cluster.endpoints.map((endpoint) => endpoint.replace('https:', 'http:'));
    expect(await refusal(space.open({ endpoints }))).toMatch(/and whether it wants https$/);
  });
});

describe('a store that wants users', () => {
  let lab: EtcdUnderTest;
  beforeAll(async () => {
    lab = await etcdUnderTest();
  }, 60_000);
  afterEach(async () => {
    await lab.cluster.restore();
    await lab.cluster.allowEveryone();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  /** The keys of every space begin with a slash. */
  const known = { name: 'switchdc', password: PLANTED, prefix: '/' };

  test('lets the right one in', async () => {
    await using space = lab.space();
    await lab.cluster.requireUsers(known);
    const etcd = await space.open({ user: user('switchdc') });
    const { fence } = await begin(etcd);
    await etcd.state.replace([setReadOnly(false, 'a reason')], by, fence);
    expect(await etcd.locks.holders()).toHaveLength(1);
    expect(inspect(etcd, { depth: 12, showHidden: true })).not.toContain(PLANTED);
  });

  test('hands its password to nobody but the store: the client that logs in does not hold it', async () => {
    const options = { ...usual, endpoints: lab.cluster.endpoints, user: user('switchdc') };
    const member = etcdMember(lab.cluster.endpoints[0]!, options);
    const printed = await member.ask(1_000, async (client) =>
      inspect(client, { depth: 12, showHidden: true }),
    );
    expect(printed).toContain('switchdc');
    expect(printed).not.toContain(PLANTED);
    member.close();
  });

  test('refuses a wrong password, a user who may not, and nobody; each is told what to check', async () => {
    await using space = lab.space();
    await lab.cluster.requireUsers(known, { name: 'other', password: PLANTED, prefix: '/elsewhere/' });
    expect(await refusal(space.open({ user: user('switchdc', `${PLANTED}!`) }))).toMatch(
      /check the name and the password of the store's user switchdc$/,
    );
    expect(await refusal(space.open({ user: user('nobody') }))).toMatch(/the store's user nobody$/);
    expect(await refusal(space.open({ user: user('other') }))).toMatch(
      /check that the role of the store's user other may read and write below \/\d+\/conftool\/v1 and/,
    );
    expect(await refusal(space.open())).toMatch(/none is configured$/);
    expect(space.told.join()).not.toContain(PLANTED);
  });

  test('that knows none is told apart from one that refuses', async () => {
    await using space = lab.space();
    expect(await refusal(space.open({ user: user('switchdc') }))).toMatch(
      /check whether the store knows users at all; switchdc is configured$/,
    );
  });

  test('and forgets their tokens is logged in to anew, by reads, writes, leases and watches', async () => {
    await using space = lab.space();
    await lab.cluster.requireUsers(known);
    const etcd = await space.open({ user: user('switchdc') });
    const ttl = 6_000;
    const lease = await begin(etcd, ttl);
    await using watch = watching(etcd);
    await watch.until((seen) => seen.length === 1);
    await lab.cluster.allowEveryone();
    await lab.cluster.requireUsers(known);
    // Renewed several times, and nothing else is asked.
    await sleep(systemClock(), 1.5 * ttl);
    expect(lease.lost.aborted).toBe(false);
    await etcd.state.replace([setReadOnly(false, 'a reason')], by, lease.fence);
    await watch.until((seen) => seen.length === 2);
    // Tokens are kept in memory: a member that was restarted knows none.
    for (const { server } of lab.cluster.members) {
      await server.stop();
      await server.start();
    }
    await lab.cluster.healthy();
    await etcd.state.replace([setReadOnly('a reason', 'another')], by, lease.fence);
    await watch.until((seen) => seen.length === 3);
    expect(watch.values()).toEqual([false, 'a reason', 'another']);
  });
});

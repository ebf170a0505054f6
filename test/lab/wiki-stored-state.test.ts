import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEtcdCluster } from '../../lab/etcd-cluster.js';
import { LabGround } from '../../lab/lab-ground.js';
import { descendantsOf } from '../../lab/process-tree.js';
import { eventually } from '../support/eventually.js';
import { SteeredStore, openStateReader } from '../support/state-reader.js';

let ground: LabGround;
beforeAll(async () => {
  ground = await LabGround.open();
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

const QUICK = { lifetime: 0.05, timeout: 5 };

describe('a server of the wiki', () => {
  test('follows what the store says of its own datacenter', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.state(false);
    const reader = await openStateReader(ground, { endpoints: [store.endpoint], ...QUICK });
    expect(await reader.read()).toMatchObject({ readOnly: false, primary: 'codfw', index: 3, live: true });
    store.answer = SteeredStore.state('“back” soon');
    await eventually(async () => (await reader.read()).readOnly === '“back” soon', 'the notice');
    store.answer = SteeredStore.state(false, 'eqiad');
    await eventually(async () => (await reader.read()).primary === 'eqiad', 'the new primary');
    expect(await reader.read()).toMatchObject({ readOnly: false });
  });

  test('goes on with what it has until its cache ends, and all of its processes have the same', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.state(false);
    const options = { endpoints: [store.endpoint], lifetime: 3_600, timeout: 5 };
    const reader = await openStateReader(ground, options);
    store.answer = SteeredStore.state('never read');
    const seenBy = new Set<number>();
    await eventually(async () => {
      const { readOnly, pid } = await reader.read();
      expect(readOnly).toBe(false);
      return seenBy.add(pid).size === 3;
    }, 'answers of three processes');
    expect(store.asked).toBe(1);
  });

  test('has its cache end at a moment of its own', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.state(false);
    const ends = await Promise.all(
      [0, 0.25, 0.5, 0.75].map(async (turn) => {
        const options = { endpoints: [store.endpoint], lifetime: 1_000, timeout: 5, turn };
        const reader = await openStateReader(ground, options);
        return (await reader.read()) as unknown as { askAgainAt: number };
      }),
    );
    const moments = ends.map(({ askAgainAt }) => Math.round(askAgainAt % 1_000) % 1_000);
    expect(moments).toEqual([0, 250, 500, 750]);
  });

  const good = '{"val":false}';
  test.each<[string, SteeredStore['answer']]>([
    ['is empty', SteeredStore.holding({})],
    ['has lost the primary', SteeredStore.holding({ 'eqiad/ReadOnly': good })],
    ['has lost ReadOnly', SteeredStore.holding({ 'common/WMFMasterDatacenter': '{"val":"codfw"}' })],
    ['names a primary that does not exist', SteeredStore.state(false, 'esams')],
    ['has an empty reason', SteeredStore.state('')],
    ...[
      '',
      'garbage',
      '{"val":true}',
      '{"val":1}',
      '{"val":["x"]}',
      '{"val":null}',
      'null',
      '[]',
      '{}',
      '{"val":',
    ].map((text): [string, SteeredStore['answer']] => [
      `holds ${JSON.stringify(text)} for ReadOnly`,
      SteeredStore.holding({ 'eqiad/ReadOnly': text, 'common/WMFMasterDatacenter': '{"val":"codfw"}' }),
    ]),
    [
      'has one unreadable value among good ones',
      SteeredStore.holding({ other: '{', 'eqiad/ReadOnly': good }),
    ],
    ['answers with a page', SteeredStore.saying('<html>')],
    ['answers with an error', SteeredStore.saying('{"error":"etcdserver: no leader"}', 503)],
    ['answers with a list of nothing', SteeredStore.saying('{"kvs":[null]}')],
    ['answers with a list that is none', SteeredStore.saying('{"kvs":"x"}')],
    ['answers with a number', SteeredStore.saying('1')],
    ['hangs up', (request) => request.socket.destroy()],
  ])(
    'keeps the last good value when the store %s, says so, and follows it again afterwards',
    async (_, nonsense) => {
      await using store = await SteeredStore.open(ground);
      store.answer = SteeredStore.state('the last good one');
      const reader = await openStateReader(ground, { endpoints: [store.endpoint], ...QUICK });
      store.answer = nonsense;
      await eventually(async () => {
        const state = await reader.read();
        expect(state).toMatchObject({ readOnly: 'the last good one', primary: 'codfw', index: 3 });
        return !state.live;
      }, 'that it is not live');
      store.answer = SteeredStore.state(false, 'eqiad');
      await eventually(async () => (await reader.read()).live, 'that it is live');
      expect(await reader.read()).toMatchObject({ readOnly: false, primary: 'eqiad' });
    },
  );

  test('that never read the store is read-only, knows no primary, and finds out by itself', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.saying('', 500);
    const reader = await openStateReader(ground, { endpoints: [store.endpoint], ...QUICK });
    expect(await reader.read()).toMatchObject({
      readOnly: 'The configuration store has not been read.',
      primary: null,
      live: false,
    });
    store.answer = SteeredStore.state(false);
    await eventually(async () => (await reader.read()).primary === 'codfw', 'the primary');
  });

  test('has one process wait for a store that hangs; the others serve on', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.state(false);
    const reader = await openStateReader(ground, { endpoints: [store.endpoint], ...QUICK });
    const before = store.asked;
    const held: (() => void)[] = [];
    store.answer = (request, response) => {
      held.push(() => SteeredStore.state('after all')(request, response));
    };
    const waiting: Promise<unknown>[] = [];
    await eventually(() => {
      waiting.push(reader.read());
      return held.length > 0;
    }, 'that one asks');
    for (let times = 0; times < 20; times += 1)
      expect(await reader.read()).toMatchObject({ readOnly: false, live: true });
    expect(store.asked).toBe(before + 1);
    store.answer = SteeredStore.state('after all');
    held.forEach((answer) => answer());
    await Promise.all(waiting);
    expect(await reader.read()).toMatchObject({ readOnly: 'after all' });
  });

  test('does not wait for ever for a process that was killed while it asked', async () => {
    await using store = await SteeredStore.open(ground);
    store.answer = SteeredStore.state(false);
    const options = { endpoints: [store.endpoint], lifetime: 0.05, timeout: 0.5 };
    const reader = await openStateReader(ground, options);
    let hangs = true;
    store.answer = (request, response) => {
      if (!hangs) SteeredStore.state('after all')(request, response);
    };
    const before = store.asked;
    const waiting: Promise<unknown>[] = [];
    await eventually(() => {
      waiting.push(reader.read().catch(() => undefined));
      return store.asked > before;
    }, 'that one asks');
    // All of them but those that still answer: the one that waits for the store.
    const others = new Set<number>();
    await eventually(async () => others.add((await reader.read()).pid).size === 2, 'two that answer');
    const { pid } = reader.server;
    for (const one of [pid, ...descendantsOf(pid)]) if (!others.has(one)) process.kill(one, 'SIGKILL');
    hangs = false;
    await eventually(async () => (await reader.read()).readOnly === 'after all', 'the new value');
    await Promise.all(waiting);
  });

  test('goes from an endpoint that is dead to the next one, and stays there', async () => {
    await using one = await SteeredStore.open(ground);
    await using other = await SteeredStore.open(ground);
    one.answer = (request) => request.socket.destroy();
    other.answer = SteeredStore.state('from the other');
    const reader = await openStateReader(ground, { endpoints: [one.endpoint, other.endpoint], ...QUICK });
    expect(await reader.read()).toMatchObject({ readOnly: 'from the other', live: true });
    const [first, second] = [one.asked, other.asked];
    await eventually(async () => {
      await reader.read();
      return other.asked > second + 3;
    }, 'more questions');
    expect(one.asked).toBe(first);
    other.answer = SteeredStore.saying('', 503);
    one.answer = SteeredStore.state('from the one');
    await eventually(async () => (await reader.read()).readOnly === 'from the one', 'the way back');
  });
});

describe('a server of the wiki, of a store that asks who it is,', () => {
  const objects = [
    ['common/WMFMasterDatacenter', '{"val":"codfw"}'],
    ['eqiad/ReadOnly', '{"val":false}'],
  ] as const;
  const key = (name: string): string => `/conftool/v1/mediawiki-config/${name}`;

  test('reads with a password, and logs in again when its token has ended', async () => {
    await using cluster = await openEtcdCluster(ground, { members: 1 });
    for (const [name, value] of objects) await cluster.etcdctl(['put', key(name), value]);
    const user = { name: 'wiki', password: 'planted-secret', prefix: '/conftool/v1/' };
    await cluster.requireUsers(user);
    const options = { endpoints: cluster.endpoints, user: user.name, password: user.password, ...QUICK };
    const reader = await openStateReader(ground, options);
    expect(await reader.read()).toMatchObject({ readOnly: false, primary: 'codfw', live: true });
    // Users are made anew, so every token of before is void.
    await cluster.allowEveryone();
    await cluster.requireUsers(user);
    await cluster.etcdctl(['put', key('eqiad/ReadOnly'), '{"val":"a notice"}']);
    await eventually(async () => (await reader.read()).readOnly === 'a notice', 'the notice');
    const wrong = await openStateReader(ground, { ...options, password: 'wrong' });
    expect(await wrong.read()).toMatchObject({ primary: null, live: false });
    for (const { server } of [reader, wrong]) expect(server.logTail(1_000)).not.toContain(user.password);
  });

  test('reads with a certificate', async () => {
    await using cluster = await openEtcdCluster(ground, { members: 1, tls: true });
    for (const [name, value] of objects) await cluster.etcdctl(['put', key(name), value]);
    const certificates = cluster.certificates!;
    const { certificate, key: privateKey } = certificates.client;
    const options = { endpoints: cluster.endpoints, ca: certificates.authority, ...QUICK };
    const reader = await openStateReader(ground, { ...options, certificate, key: privateKey });
    expect(await reader.read()).toMatchObject({ readOnly: false, primary: 'codfw', live: true });
    const unknown = await openStateReader(ground, options);
    expect(await unknown.read()).toMatchObject({ primary: null, live: false });
  });
});

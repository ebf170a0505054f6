import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/domain/clock.js';
import { person } from '../../src/domain/names.js';
import type { Authority } from '../../src/domain/reason.js';
import { FenceLost, InvalidObject, StateConflict } from '../../src/state/errors.js';
import type { Fence, Locks } from '../../src/state/locks.js';
import { anyOf, exactly, parseSelector } from '../../src/state/selector.js';
import type { Change, Fields, Selector, StateStore, StoredObject } from '../../src/state/store.js';

export interface StateUnderTest {
  readonly store: StateStore;
  readonly locks: Locks;
  /** The clock that the store lives on. */
  readonly clock: Clock;
  /** The same store as another process has it. */
  readonly other: StateStore;
  /** The process image is gone; the store is opened again from what was durable. */
  reopened(): Promise<StateStore>;
}

const by: Authority = { person: person('alice'), reason: { text: 'a test', task: 'T1' }, run: 7 };
const tags = (name: string) => ({ dnsdisc: 'mw-web-rw', name });
const whole: Fields = { pooled: true, references: [], ttl: 300 };

/** An object that does not exist has no fields: each is null. */
const create = (name: string, fields: Fields = whole): Change => ({
  kind: 'discovery',
  tags: tags(name),
  from: { pooled: null },
  to: fields,
});
const change = (name: string, from: Fields, to: Fields): Change => ({
  kind: 'discovery',
  tags: tags(name),
  from,
  to,
});
const everything: Selector = { patterns: {}, text: '' };

/** What every state store does. It begins empty for each test. */
export function stateContract(
  name: string,
  declared: { readonly atomic: boolean },
  withState: (test: (under: StateUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: StateUnderTest, fence: Fence) => Promise<void>): void =>
    it(sentence, () =>
      withState(async (under) => {
        const { lease } = await under.locks.acquire('discovery', 60_000, { installation: 'test', run: 7 });
        await test(under, lease.fence);
      }),
    );

  describe(`the state store ${name}`, () => {
    given('says whether several objects change in one transaction', async ({ store }) => {
      expect(store.atomic).toBe(declared.atomic);
    });

    given('gives back what was written, read anew', async ({ store }, fence) => {
      const written = await store.replace([create('eqiad')], by, fence);
      expect(written).toMatchObject([{ kind: 'discovery', tags: tags('eqiad'), fields: whole }]);
      expect(await store.select('discovery', everything)).toEqual(written);
    });

    given('selects by tags', async ({ store }, fence) => {
      await store.replace([create('eqiad'), create('codfw')], by, fence);
      const parsed = parseSelector('discovery', 'dnsdisc=mw-.*,name=e.*');
      if (!parsed.ok) throw new Error(parsed.problem);
      expect(names(await store.select('discovery', parsed.selector))).toEqual(['eqiad']);
      expect(names(await store.select('discovery', exactly(tags('codfw'))))).toEqual(['codfw']);
      expect(names(await store.select('discovery', anyOf('name', ['codfw', 'eqiad'])))).toEqual([
        'codfw',
        'eqiad',
      ]);
      expect(await store.select('mwconfig', everything)).toEqual([]);
    });

    given('changes the named fields and leaves the others', async ({ store }, fence) => {
      await store.replace([create('eqiad')], by, fence);
      const [written] = await store.replace([change('eqiad', { ttl: 300 }, { ttl: 10 })], by, fence);
      expect(written?.fields).toEqual({ ...whole, ttl: 10 });
    });

    given(
      'refuses a change of something that is not what it expects, and names both values',
      async ({ store }, fence) => {
        await store.replace([create('eqiad')], by, fence);
        const refused = store.replace([change('eqiad', { pooled: false }, { pooled: true })], by, fence);
        await expect(refused).rejects.toThrow(StateConflict);
        await expect(refused).rejects.toMatchObject({
          object: 'discovery/dnsdisc=mw-web-rw,name=eqiad',
          field: 'pooled',
          expected: false,
          found: true,
        });
      },
    );

    given('refuses to create what is there, and to change what is not', async ({ store }, fence) => {
      await store.replace([create('eqiad')], by, fence);
      await expect(store.replace([create('eqiad')], by, fence)).rejects.toThrow(StateConflict);
      const missing = change('codfw', { ttl: 300 }, { ttl: 10 });
      await expect(store.replace([missing], by, fence)).rejects.toMatchObject({ expected: 300, found: null });
    });

    given('writes all changes or none', async ({ store }, fence) => {
      await store.replace([create('eqiad')], by, fence);
      const changes = [
        change('eqiad', { ttl: 300 }, { ttl: 10 }),
        change('codfw', { ttl: 300 }, { ttl: 10 }),
      ];
      await expect(store.replace(changes, by, fence)).rejects.toThrow(StateConflict);
      const [eqiad] = await store.select('discovery', everything);
      expect(eqiad?.fields['ttl']).toBe(declared.atomic ? 300 : expect.any(Number));
    });

    given(
      'refuses fields that the kind does not have, and values that they cannot have',
      async ({ store }, fence) => {
        await store.replace([create('eqiad')], by, fence);
        const wrong: Fields[] = [{ pooled: 'yes' }, { ttl: -1 }, { weight: 1 }];
        for (const to of wrong)
          await expect(store.replace([change('eqiad', {}, to)], by, fence)).rejects.toThrow(InvalidObject);
        expect((await store.select('discovery', everything))[0]?.fields).toEqual(whole);
      },
    );

    given(
      'refuses a write whose lock has been taken over, even by its own owner',
      async ({ store, locks }, fence) => {
        const { lease } = await locks.acquire('discovery', 60_000, { installation: 'test', run: 7 });
        await expect(store.replace([create('eqiad')], by, fence)).rejects.toThrow(FenceLost);
        expect(await store.select('discovery', everything)).toEqual([]);
        await store.replace([create('eqiad')], by, lease.fence);
        await lease.release();
      },
    );

    given('refuses a write whose lock has been released', async ({ store, locks }) => {
      const { lease } = await locks.acquire('mediawiki', 60_000, { installation: 'test', run: 7 });
      await lease.release();
      await expect(store.replace([create('eqiad')], by, lease.fence)).rejects.toThrow(FenceLost);
    });

    given('gives each change a higher revision', async ({ store }, fence) => {
      const [first] = await store.replace([create('eqiad')], by, fence);
      const [second] = await store.replace([change('eqiad', { ttl: 300 }, { ttl: 10 })], by, fence);
      expect(first?.revision).toBeGreaterThan(0);
      expect(second?.revision).toBeGreaterThan(first?.revision ?? Infinity);
    });

    given(
      'shows each object as it is and then each change in order, to a watcher',
      async ({ store }, fence) => {
        await store.replace([create('eqiad')], by, fence);
        await store.replace([change('eqiad', { ttl: 300 }, { ttl: 200 })], by, fence);
        const seen = watched(store, 4);
        await seen.next;
        await store.replace([change('eqiad', { ttl: 200 }, { ttl: 100 })], by, fence);
        await store.replace([change('eqiad', { ttl: 100 }, { ttl: 50 }), create('codfw')], by, fence);
        const objects = await seen.all;
        expect(objects.slice(0, 2).map(({ fields }) => fields['ttl'])).toEqual([200, 100]);
        expect(names(objects.slice(2)).sort()).toEqual(['codfw', 'eqiad']);
      },
    );

    given('shows a watcher what another process writes', async ({ store, other }, fence) => {
      await store.replace([create('eqiad')], by, fence);
      const seen = watched(other, 2);
      await seen.next;
      await store.replace([change('eqiad', { ttl: 300 }, { ttl: 100 })], by, fence);
      expect((await seen.all).map(({ fields }) => fields['ttl'])).toEqual([300, 100]);
    });

    given('ends a watch quietly at its signal', async ({ store }, fence) => {
      await store.replace([create('eqiad')], by, fence);
      const stop = new AbortController();
      const seen: StoredObject[] = [];
      for await (const object of store.watch('discovery', everything, stop.signal)) {
        seen.push(object);
        // While it waits for the next one, of which there is none.
        setImmediate(() => stop.abort());
      }
      expect(seen).toHaveLength(1);
    });

    given('has everything that was written after the process has died', async (under, fence) => {
      const written = await under.store.replace([create('eqiad'), create('codfw')], by, fence);
      const store = await under.reopened();
      expect(names(await store.select('discovery', everything))).toEqual(names(written).sort());
    });
  });
}

function names(objects: readonly StoredObject[]): (string | undefined)[] {
  return objects.map((object) => object.tags['name']);
}

/** Collects this many objects of a watch; `next` is there after the first. */
function watched(store: StateStore, count: number): { next: Promise<void>; all: Promise<StoredObject[]> } {
  const stop = new AbortController();
  let first = (): void => undefined;
  const next = new Promise<void>((resolve) => {
    first = resolve;
  });
  const collect = async (): Promise<StoredObject[]> => {
    const objects: StoredObject[] = [];
    for await (const object of store.watch('discovery', everything, stop.signal)) {
      objects.push(object);
      first();
      if (objects.length === count) stop.abort();
    }
    return objects;
  };
  return { next, all: collect() };
}

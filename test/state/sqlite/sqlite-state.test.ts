import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../../src/domain/clock.js';
import { MINUTE, SECOND, instant } from '../../../src/domain/instant.js';
import { person } from '../../../src/domain/names.js';
import { StoreUnavailable } from '../../../src/state/errors.js';
import { exactly } from '../../../src/state/selector.js';
import { stateContract } from '../../contracts/state.contract.js';
import { embeddedStore } from './embedded-store.js';

stateContract('in SQLite', { atomic: true }, async (run) => {
  using file = embeddedStore();
  const { state, locks, close } = file.open();
  await run({
    store: state,
    locks,
    clock: file.clock,
    other: file.open().state,
    reopened: () => {
      close();
      return Promise.resolve(file.open().state);
    },
  });
});

const readOnly = { scope: 'eqiad', name: 'ReadOnly' };
const by = { person: person('alice'), reason: { text: 'a switchover', task: 'T12345' as const }, run: 41 };

describe('the embedded state store', () => {
  test('is filled once: a second start leaves everything as it is', async () => {
    using file = embeddedStore();
    const { state, locks } = file.open();
    state.seed([{ kind: 'mwconfig', tags: readOnly, fields: { val: false } }]);
    const { lease } = await locks.acquire('mediawiki', MINUTE, { installation: 'test', run: 41 });
    await state.replace(
      [{ kind: 'mwconfig', tags: readOnly, from: { val: false }, to: { val: 'x' } }],
      by,
      lease.fence,
    );
    state.seed([
      { kind: 'mwconfig', tags: readOnly, fields: { val: false } },
      { kind: 'mwconfig', tags: { scope: 'codfw', name: 'ReadOnly' }, fields: { val: false } },
    ]);
    expect((await state.select('mwconfig', exactly(readOnly)))[0]?.fields).toEqual({ val: 'x' });
    expect(state.changes.after(0)).toHaveLength(3);
  });

  test('knows what was so at every instant since the beginning', async () => {
    using file = embeddedStore();
    const { state, locks } = file.open();
    const { clock } = file;
    const began = clock.now();
    state.seed([{ kind: 'mwconfig', tags: readOnly, fields: { val: false } }]);
    const { lease } = await locks.acquire('mediawiki', MINUTE, { installation: 'test', run: 41 });
    const set = (from: string | false, to: string | false) =>
      state.replace(
        [{ kind: 'mwconfig', tags: readOnly, from: { val: from }, to: { val: to } }],
        by,
        lease.fence,
      );
    await sleep(clock, 10 * SECOND);
    await set(false, 'one');
    await set('one', 'two');
    await sleep(clock, 10 * SECOND);
    await set('two', false);
    const valueAt = (after: number) =>
      state.changes.asOf(instant(began + after)).map(({ fields }) => fields['val']);
    expect(valueAt(-1)).toEqual([]);
    expect(valueAt(0)).toEqual([false]);
    expect(valueAt(9_999)).toEqual([false]);
    expect(valueAt(10_000)).toEqual(['two']);
    expect(valueAt(19_999)).toEqual(['two']);
    expect(valueAt(20_000)).toEqual([false]);
    expect(state.changes.latest()).toBe(clock.now());
  });

  test('keeps who changed what, from what to what, and why', async () => {
    using file = embeddedStore();
    const { state, locks } = file.open();
    state.seed([{ kind: 'mwconfig', tags: readOnly, fields: { val: false } }]);
    const { lease } = await locks.acquire('mediawiki', MINUTE, { installation: 'test', run: 41 });
    await state.replace(
      [{ kind: 'mwconfig', tags: readOnly, from: { val: false }, to: { val: 'x' } }],
      by,
      lease.fence,
    );
    expect(state.changes.audit(2)).toMatchObject([
      {
        tags: readOnly,
        before: { val: false },
        fields: { val: 'x' },
        by: { person: 'alice', run: 41 },
        reason: 'a switchover',
        task: 'T12345',
      },
      { before: undefined, fields: { val: false }, by: undefined, reason: 'first start' },
    ]);
  });

  test('wakes a watcher in the same process at once', async () => {
    using file = embeddedStore();
    const { state, locks } = file.open();
    state.seed([{ kind: 'mwconfig', tags: readOnly, fields: { val: false } }]);
    const { lease } = await locks.acquire('mediawiki', MINUTE, { installation: 'test', run: 41 });
    const stop = new AbortController();
    const waited: number[] = [];
    const watching = (async () => {
      for await (const { fields } of state.watch('mwconfig', exactly(readOnly), stop.signal))
        waited.push(file.clock.now() - Number(fields['val'] || file.clock.now()));
    })();
    await sleep(file.clock, 1);
    const val = String(file.clock.now());
    await state.replace(
      [{ kind: 'mwconfig', tags: readOnly, from: { val: false }, to: { val } }],
      by,
      lease.fence,
    );
    await sleep(file.clock, 10 * SECOND);
    stop.abort();
    await watching;
    expect(waited).toEqual([0, 0]);
  });

  test('says that it is unavailable, and certainly unwritten, while another process holds the file', async () => {
    using file = embeddedStore();
    const { state, locks } = file.open();
    state.seed([{ kind: 'mwconfig', tags: readOnly, fields: { val: false } }]);
    const { lease } = await locks.acquire('mediawiki', MINUTE, { installation: 'test', run: 41 });
    const blocker = file.open().database;
    blocker.exec('BEGIN IMMEDIATE');
    const change = { kind: 'mwconfig' as const, tags: readOnly, from: { val: false }, to: { val: 'x' } };
    await expect(state.replace([change], by, lease.fence)).rejects.toThrow(StoreUnavailable);
    await expect(locks.acquire('discovery', MINUTE, { installation: 'test', run: 41 })).rejects.toThrow(
      StoreUnavailable,
    );
    blocker.exec('ROLLBACK');
    expect((await state.select('mwconfig', exactly(readOnly)))[0]?.fields).toEqual({ val: false });
    await state.replace([change], by, lease.fence);
  });
});

import { expect, test } from '@jest/globals';
import { Merging, type OneEnding } from '../../src/chat/merging.js';
import { instant } from '../../src/domain/instant.js';

const ending = (at: number, over: { run?: number; position?: number } = {}): OneEnding =>
  ({
    ending: { task: `at-${at}` },
    view: { state: { run: over.run ?? 41 } },
    at: instant(at),
    key: `key/${at}`,
    position: over.position ?? at,
  }) as unknown as OneEnding;

test('tasks that end within half a second of the first are one line, with its key and the newest of the rest', () => {
  const merging = new Merging();
  expect(merging.until()).toBeUndefined();
  for (const at of [1_000, 1_400, 1_500]) {
    expect(merging.takes(ending(at))).toBe(at > 1_000);
    merging.add(ending(at));
  }
  // Not of the one before it: a line is not put off for ever.
  expect(merging.takes(ending(1_501))).toBe(false);
  expect(merging.until()).toBe(1_750);
  expect(merging.take()).toMatchObject({
    endings: [{ task: 'at-1000' }, { task: 'at-1400' }, { task: 'at-1500' }],
    ...{ key: 'key/1000', first: 1_000, at: 1_500, position: 1_500 },
  });
  expect([merging.take(), merging.until()]).toEqual([undefined, undefined]);
});

test('tasks of different runs are told apart', () => {
  const merging = new Merging();
  merging.add(ending(1_000));
  expect(merging.takes(ending(1_000, { run: 42 }))).toBe(false);
  expect([
    merging.waitsFor(ending(0).view.state.run),
    merging.waitsFor(ending(0, { run: 42 }).view.state.run),
  ]).toEqual([true, false]);
});

test('what says nothing is passed with the line that waits, and alone where none does', () => {
  const merging = new Merging();
  merging.pass(7);
  expect(merging.take()).toBeUndefined();
  merging.add(ending(1_000, { position: 8 }));
  merging.pass(9);
  expect(merging.take()).toMatchObject({ position: 9, key: 'key/1000' });
});

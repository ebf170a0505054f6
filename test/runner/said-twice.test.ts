import { expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import {
  abortOrder,
  type Caller,
  holdOrder,
  type Order,
  resumeOrder,
  skipOrder,
  takeOrder,
  voteOrder,
} from '../../src/runner/orders.js';
import type { Runner } from '../../src/runner/runner.js';
import { asked, QuietRunner, saying } from '../support/quiet-runner.js';
import { alice, bob } from '../support/toy-crowd.js';
import { START } from '../support/toy-house.js';
import { oneGo } from '../support/toy-runbook.js';

const HELD = holdOrder('lunch');

async function requested(): Promise<QuietRunner> {
  const quiet = new QuietRunner();
  const result = await quiet.runner.request(asked, saying(alice, 'm0'));
  if (!result.ok) throw new Error(result.refusal.because);
  return quiet;
}

/** The place in the run of the entry that it became, or why it was refused. */
async function give(runner: Runner, order: Order, by: Caller): Promise<number | string> {
  const result = await runner.order(1, order, by);
  return result.ok ? result.value.seq : result.refusal.because;
}

test('an order that is delivered again is not carried out again, whatever came between', async () => {
  using quiet = await requested();
  const { runner } = quiet;
  expect(await give(runner, HELD, saying(alice, 'm1'))).toBe(2);
  expect(await give(runner, resumeOrder(), saying(bob, 'm2'))).toBe(3);
  expect(await give(runner, HELD, saying(alice, 'm1'))).toBe(2);
  expect(await give(runner, resumeOrder(), saying(bob, 'm2'))).toBe(3);
  expect(await quiet.kinds(1)).toEqual(['run-requested', 'run-held', 'run-resumed']);
  expect(await give(runner, HELD, saying(alice, 'm3'))).toBe(4);
});

test('not at the same time either, and not by the next process', async () => {
  using quiet = await requested();
  const by = saying(alice, 'm1');
  const twice = [give(quiet.runner, HELD, by), give(quiet.runner, HELD, by)];
  expect(await Promise.all(twice)).toEqual([2, 2]);
  expect(await give(quiet.runner, resumeOrder(), saying(bob, 'm2'))).toBe(3);
  expect(await give(quiet.again(), HELD, by)).toBe(2);
  expect(await quiet.kinds(1)).toEqual(['run-requested', 'run-held', 'run-resumed']);
});

test('a message acts once over all runs', async () => {
  using quiet = await requested();
  await quiet.runner.request(asked, saying(alice, 'm1'));
  const by = saying(alice, 'm2');
  const both = [quiet.runner.order(1, HELD, by), quiet.runner.order(2, HELD, by)];
  expect(await Promise.all(both)).toMatchObject([
    { value: { run: 1, seq: 2 } },
    { value: { run: 1, seq: 2 } },
  ]);
  expect(await quiet.kinds(2)).toEqual(['run-requested']);
});

test('what a task is skipped with, what takes a run over, and what ends it, act once as well', async () => {
  using quiet = await requested();
  await quiet.tell(1, { kind: 'run-started', digest: 'd' }, { kind: 'phase-started', phase: '0' });
  const { runner } = quiet;
  const skip = skipOrder('00-a', 'late', oneGo);
  const words: [Order, Caller][] = [
    [skip, saying(alice, 'm1')],
    [takeOrder(), saying(bob, 'm2')],
    [takeOrder(), saying(alice, 'm3')],
    [abortOrder('enough'), saying(alice, 'm4')],
  ];
  for (const [order, by] of words) expect(await give(runner, order, by)).toEqual(expect.any(Number));
  const before = await quiet.entries(1);
  for (const [index, [order, by]] of words.entries()) expect(await give(runner, order, by)).toBe(4 + index);
  expect(await quiet.entries(1)).toEqual(before);
});

test('an answer that was taken back is not given again by the message that had given it', async () => {
  using quiet = await requested();
  await quiet.tell(1, {
    kind: 'gate-opened',
    gate: 'g1',
    for: { kind: 'request' },
    policy: { ...oneGo, approvals: 2 },
    digest: 'd',
    expiresAt: instant(START + oneGo.expiresAfter),
    asker: alice.said.person,
  });
  const { runner } = quiet;
  const go = voteOrder('go', 'request');
  expect(await give(runner, go, saying(bob, 'm1'))).toBe(3);
  await quiet.tell(1, { kind: 'vote-withdrawn', gate: 'g1', by: bob.said });
  expect(await give(quiet.runner, go, saying(bob, 'm1'))).toBe(3);
  expect((await quiet.runner.view(1))?.state.gates[0]?.votes).toEqual([]);
});

test('a request that is delivered again is the same run again, as it was then', async () => {
  using quiet = await requested();
  const first = await quiet.runner.view(1);
  await give(quiet.runner, HELD, saying(alice, 'm1'));
  for (const runner of [quiet.runner, quiet.again()]) {
    const again = await runner.request(asked, saying(alice, 'm0'));
    expect(again.ok && again.value.state).toEqual(first?.state);
  }
  expect(await quiet.journal.runs(9)).toEqual([1]);
});

test('a request that is delivered twice at the same time is one run', async () => {
  using quiet = new QuietRunner();
  const by = saying(alice, 'm0');
  const [first, second] = await Promise.all([
    quiet.runner.request(asked, by),
    quiet.runner.request(asked, by),
  ]);
  expect(first.ok).toBe(true);
  expect(second).toEqual(first);
  expect(await quiet.journal.runs(9)).toEqual([1]);
  await quiet.runner.request(asked, saying(alice, 'm1'));
  expect(await quiet.journal.runs(9)).toEqual([2, 1]);
});

test('an id of somebody else, and a word without one, act', async () => {
  using quiet = await requested();
  const { runner } = quiet;
  await give(runner, HELD, saying(alice, 'm1'));
  expect(await give(runner, resumeOrder(), saying(bob, 'm1'))).toBe(3);
  expect(await give(runner, HELD, alice)).toBe(4);
  expect(await give(runner, resumeOrder(), alice)).toBe(5);
  expect(await give(runner, HELD, alice)).toBe(6);
});

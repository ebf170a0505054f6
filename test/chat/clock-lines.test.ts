import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockLines, nextClockLine } from '../../src/chat/clock-lines.js';
import { type Instant, MINUTE, SECOND, plus } from '../../src/domain/instant.js';
import { foldRun } from '../../src/runner/evolve.js';
import { readOnlyPeriod } from '../../src/runner/read-only-period.js';
import type { RunView } from '../../src/runner/runner.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel } from '../support/paper-channel.js';
import { startTelling } from '../support/told-run.js';

/** A run as it was right after one of its entries: the first for which this is so. */
async function viewOnce(full: FullHouse, what: (view: RunView) => boolean): Promise<RunView> {
  const { run } = await full.view(1);
  const entries = await full.entries(1);
  for (let count = 1; count <= entries.length; count += 1) {
    const state = foldRun(entries.slice(0, count));
    if (state !== undefined && what({ run, state })) return { run, state };
  }
  throw new Error('it was never so');
}

let full: FullHouse & AsyncDisposable;
let readOnly: RunView;
let waiting: RunView;
let from: Instant;

beforeAll(async () => {
  full = await FullHouse.fresh();
  await full.start();
  await full.helped(1);
  readOnly = await viewOnce(full, ({ run, state }) => readOnlyPeriod(run, state) !== undefined);
  from = readOnlyPeriod(readOnly.run, readOnly.state)?.startedAt ?? (0 as Instant);
  waiting = await viewOnce(full, ({ state }) =>
    Object.values(state.tasks).some(
      ({ forward }) => (forward.lastLook?.finding?.until ?? 0) > state.updatedAt + MINUTE,
    ),
  );
}, 60_000);

afterAll(async () => {
  await full[Symbol.asyncDispose]();
});

describe('read-only', () => {
  test('is told again every 20 s, each time once, whenever it is looked and however often a process begins anew', () => {
    const steps = fc.array(fc.record({ length: fc.integer({ min: 1, max: 30_000 }), isNew: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (looks) => {
        const told: string[] = [];
        let looked = from;
        for (const { length, isNew } of looks) {
          const now = plus(looked, length);
          const lines = clockLines(readOnly, looked, now).filter(({ isHeartbeat }) => isHeartbeat);
          const slots =
            Math.floor((now - from) / (20 * SECOND)) - Math.floor((looked - from) / (20 * SECOND));
          expect(lines).toHaveLength(Math.min(1, slots));
          told.push(...lines.map(({ key }) => key));
          // A process that comes later looks from when it begins.
          looked = isNew ? plus(now, length) : now;
        }
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });

  test('says how long it has lasted, of how much, and what is going on', () => {
    const [line] = clockLines(readOnly, plus(from, 30 * SECOND), plus(from, 41 * SECOND));
    expect(messageText(line!.message)).toMatch(
      /^run 1: read-only for 41 s of 3 min · phase 2 .* · 02-set-read-only: /,
    );
    expect(nextClockLine(readOnly, plus(from, 41 * SECOND))).toBe(from + 60 * SECOND);
  });
});

test('a wait with a known end is counted down, waits with the same end in one line', () => {
  const ends = Object.values(waiting.state.tasks).flatMap(
    ({ forward }) => forward.lastLook?.finding?.until ?? [],
  );
  const until = Math.max(...ends) as Instant;
  const told: string[] = [];
  for (let now = waiting.state.updatedAt; now < until; now = plus(now, SECOND))
    told.push(...clockLines(waiting, plus(now, -SECOND), now).map(({ message }) => messageText(message)));
  expect(told.map((text) => text.replace(/ until .*: /, ' '))).toEqual([
    'run 1: 2 min left 00-wait-for-old-ttl',
    'run 1: 1 min left 00-wait-for-old-ttl',
    'run 1: 10 s left 00-wait-for-old-ttl',
  ]);
});

test('while editing is not possible nobody waits for a word longer than 30 s', async () => {
  await using stuck = await FullHouse.fresh();
  const paper = new PaperChannel('irc', lineProtocol, () => stuck.house.clock.now());
  const run = await stuck.start();
  const telling = startTelling(stuck, paper, 'phases');
  await stuck.helped(run, (state) => state.phases['2'] !== undefined);
  const server = stuck.world.shape.appServers[0]?.host ?? '';
  stuck.world.faults.cause({ kind: 'app-server-stuck', server });
  await stuck.pass(4 * MINUTE);
  expect((await stuck.state(run)).phases['3']).toBeUndefined();
  await telling.stop();
  const texts = paper.texts();
  const begun = texts.findIndex((text) => text.includes('READ-ONLY starts'));
  const times = paper.messages.slice(begun).map(({ at }) => at);
  expect(times.length).toBeGreaterThan(8);
  const gaps = times.slice(1).map((at, index) => at - times[index]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30 * SECOND);
}, 60_000);

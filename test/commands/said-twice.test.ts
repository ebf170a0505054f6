import { describe, expect, test } from '@jest/globals';
import type { Reply } from '../../src/chat/command.js';
import { section } from '../../src/domain/names.js';
import { failedTasks } from '../../src/runner/orders.js';
import type { RunState } from '../../src/runner/run-state.js';
import { saidIn } from '../../src/runner/said-in.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { helpfulLines, type Line } from '../support/full-crowd.js';
import { FullHouse, TO } from '../support/full-house.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A line of somebody under an id of its own: every delivery of it is the same message. */
interface Delivered extends Line {
  readonly id: string;
}

const deliver = ({ house }: FullHouse, { by, says, id }: Delivered): Promise<Reply> =>
  house.router.answer(says, {
    identity: { kind: 'practice', name: by },
    chat: 'terminal/#operations',
    messageId: id,
  });

/** How many entries and lines of the log a message stands with, as what it was said with. */
async function traces(full: FullHouse, { id }: Delivered): Promise<number> {
  const entries = (await full.house.journal.after(0, 10_000)).filter(
    ({ entry }) => saidIn(entry)?.message === id,
  );
  const lines = (await full.sal()).filter(({ source }) => source.kind === 'message' && source.id === id);
  return entries.length + lines.length;
}

let lines = 0;
const line = (by: string, says: string): Delivered => ({ by, says, id: `m${(lines += 1)}` });

/** Each is done at once and delivered again after all of them: nobody is told anything else than the first time. */
async function expectOnce(full: FullHouse, said: readonly Delivered[]): Promise<void> {
  const first: Reply[] = [];
  for (const one of said) first.push(await deliver(full, one));
  expect(first.map(({ status }) => status)).toEqual(said.map(() => 'ok'));
  expect(await again(full, said)).toEqual(first);
}

async function again(full: FullHouse, said: readonly Delivered[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const one of said) replies.push(await deliver(full, one));
  expect(await Promise.all(said.map((one) => traces(full, one)))).toEqual(said.map(() => 1));
  return replies;
}

describe('a message that is delivered again is answered as before, and acts once', () => {
  test('asking for a run', async () => {
    await using full = await FullHouse.fresh();
    await expectOnce(full, [line('alice', 'start --task T12345'), line('alice', 'start --dry-run')]);
    expect(await full.house.journal.runs(9)).toEqual([2, 1]);
  });

  test('approving a request, and taking that back', async () => {
    await using full = await FullHouse.fresh();
    await full.start();
    await expectOnce(full, [
      line('bob', 'approve 1'),
      line('bob', 'approve 1 --withdraw'),
      line('carol', 'approve 1'),
    ]);
    expect((await full.state(1)).gates[0]?.votes.map(({ by }) => by.person)).toEqual(['carol']);
  });

  test('holding a run, letting it go on, denying it, and writing to the log', async () => {
    await using full = await FullHouse.fresh();
    await full.start();
    await expectOnce(full, [
      line('alice', 'hold --reason lunch'),
      line('alice', 'resume'),
      line('alice', 'log had lunch'),
      line('bob', 'deny 1 not today'),
    ]);
  });

  test('taking a run over, and leaving a task out', async () => {
    await using full = await FullHouse.fresh();
    await full.start();
    await full.helped(1, ({ stage }) => stage === 'running');
    await expectOnce(full, [
      line('bob', 'take 1'),
      line('alice', 'take 1'),
      line('alice', 'skip 09-restore-ttl --reason later'),
    ]);
    expect((await full.state(1)).operator).toBe('alice');
  });

  test('confirming a task, and saying GO at a gate', async () => {
    await using full = await FullHouse.fresh();
    await full.start();
    for (const word of ['done', 'go']) {
      const asks = ({ says }: Line): boolean => says.startsWith(`${word} `);
      const isAsked = (state: RunState): boolean => helpfulLines(state).some(asks);
      const found = helpfulLines(await full.helped(1, isAsked)).find(asks);
      expect(found).toBeDefined();
      await expectOnce(full, found === undefined ? [] : [line(found.by, found.says)]);
    }
  });

  test('trying a task again, which has failed once more since', async () => {
    await using full = await FullHouse.fresh();
    await full.start();
    await full.helped(1, ({ phases }) => phases['6'] !== undefined);
    full.world.faults.cause({ kind: 'database-down', section: section('s1'), datacenter: TO });
    const failed = (state: RunState): boolean => failedTasks(state).length > 0;
    await full.until(1, failed);
    const retry = line('alice', 'retry 1');
    const reply = await deliver(full, retry);
    await full.until(1, (state) => !failed(state));
    const { tasks } = await full.until(1, failed);
    expect(await again(full, [retry])).toEqual([reply]);
    expect((await full.state(1)).tasks).toEqual(tasks);
  });

  test('by another process too, where the run that was meant has ended since', async () => {
    await expectOnceOverProcesses([line('alice', 'abort --reason enough')], ({ stage }) => stage === 'ended');
  });

  test('by another process too, where nobody drives the run yet', async () => {
    await expectOnceOverProcesses(
      [line('alice', 'hold --reason lunch'), line('alice', 'resume')],
      ({ hold }) => hold === undefined,
    );
  });
});

/** The process that has done all of it dies before anybody is answered; the next one is given it once more. */
async function expectOnceOverProcesses(
  said: readonly Delivered[],
  until: (state: RunState) => boolean,
): Promise<void> {
  using folder = temporaryFolder();
  const first = await FullHouse.open(folder.path);
  await first.start();
  const replies: Reply[] = [];
  for (const one of said) replies.push(await deliver(first, one));
  await first.until(1, until);
  const at = first.now();
  first.die();
  const next = await FullHouse.open(folder.path, { clock: fastClock(at) });
  try {
    expect(await again(next, said)).toEqual(replies);
  } finally {
    await next.close();
  }
}

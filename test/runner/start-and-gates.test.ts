import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Phase } from '../../src/runbook/runbook.js';
import type { Entry } from '../../src/runner/entry.js';
import { abortOrder, holdOrder, resumeOrder, voteOrder } from '../../src/runner/orders.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { RunFile } from '../../src/runner/run-file.js';
import { taskState } from '../../src/runner/run-state.js';
import { waitsOf } from '../../src/runner/waits.js';
import { alice, bob, carol, help } from '../support/toy-crowd.js';
import { ToyDisk } from '../support/toy-flaky-journal.js';
import { START, ToyHouse } from '../support/toy-house.js';
import { noApproval, oneGo, toyObject, toyRunbook, toyTask, ToyWorld } from '../support/toy-runbook.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: ReturnType<typeof temporaryFolder>;
let world: ToyWorld;
let disk: ToyDisk;
let house: ToyHouse;
let prepared: PreparedRun;

beforeEach(() => {
  folder = temporaryFolder();
  world = new ToyWorld(ToyHouse.clock());
  disk = new ToyDisk();
  house = new ToyHouse(folder, world, { disk });
  const phases = (): Phase[] => [
    { id: '0', title: 'preparation', urgent: false, tasks: [toyTask(world, { id: '00-a' })] },
    { id: '1', title: 'the switch', urgent: false, gate: oneGo, tasks: [toyTask(world, { id: '01-b' })] },
    { id: '2', title: 'the rest', urgent: false, tasks: [toyTask(world, { id: '02-c' })] },
  ];
  prepared = house.prepare(toyRunbook(phases, { locks: () => ['toy', 'box'] }), 'live');
});
afterEach(() => {
  house.close();
  folder[Symbol.dispose]();
});

const gates = async (): Promise<(Entry & { kind: 'gate-opened' })[]> =>
  (await house.entries(1)).filter((entry) => entry.kind === 'gate-opened');
const kinds = async (): Promise<string[]> => (await house.entries(1)).map(({ kind }) => kind);
async function atTheRequest(): Promise<RunFile> {
  const file = await house.request(prepared, oneGo);
  void house.drive(file);
  await house.until(file, (state) => state.gates.length === 1);
  return file;
}
async function atThePhase(): Promise<RunFile> {
  const file = await house.request(prepared, noApproval);
  void house.drive(file);
  await house.until(file, (state) => state.gates.length === 1);
  return file;
}

describe('at the start', () => {
  test('a plan that is no longer the approved one is recorded with the difference, and asked about anew', async () => {
    const file = await atTheRequest();
    world.values.set('02-c', 'on');
    await house.order(file, voteOrder('go', 'request'), bob);
    await house.until(file, (state) => state.gates.length === 2);
    const [first, second] = await gates();
    expect(second?.difference).toEqual([
      { phase: '2', task: '02-c', object: toyObject('02-c'), was: { from: 'off', to: 'on' }, is: null },
    ]);
    expect(second?.digest).not.toBe(first?.digest);
    expect(second?.plan?.digest).toBe(second?.digest);
    expect(file.state).toMatchObject({ stage: 'requested', plan: { digest: second?.digest } });
    expect(await house.locks.holders()).toEqual([]);
    expect(world.writes).toEqual([]);
    await house.order(file, voteOrder('go', 'request'), carol);
    await house.until(file, (state) => state.stage === 'running');
  });

  test('all locks are taken, in the order of their names, and given back at the end', async () => {
    const file = await atThePhase();
    expect((await house.locks.holders()).map(({ name }) => name)).toEqual(['box', 'toy']);
    expect(Object.keys(file.state.fences)).toEqual(['box', 'toy']);
    await help(house, file);
    await new Promise(setImmediate);
    expect(await house.locks.holders()).toEqual([]);
  });

  test('a lock that another run holds puts it on hold, with no lock taken; resume tries again', async () => {
    const { lease } = await house.locks.acquire('toy', 60_000, { installation: 'test', run: 99 });
    const file = await house.request(prepared, noApproval);
    void house.drive(file);
    await house.until(file, (state) => state.hold !== undefined);
    expect(file.state.hold?.because).toMatch(
      /^the lock toy is held by run 99 of test.*`resume` tries again$/,
    );
    expect((await house.locks.holders()).map(({ name }) => name)).toEqual(['toy']);
    await house.order(file, resumeOrder(), alice);
    await house.until(file, (state) => state.hold !== undefined);
    await lease.release();
    await house.order(file, resumeOrder(), alice);
    await help(house, file);
    expect(file.state.ended?.result).toBe('PASS');
  });

  test.each([
    ['held', holdOrder('wait'), 'requested'],
    ['withdrawn', abortOrder('no'), 'ended'],
  ] as const)('a run that is %s in that moment does not start', async (_, order, stage) => {
    const file = await house.request(prepared, noApproval);
    const driving = house.drive(file);
    await house.order(file, order, alice);
    for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
    expect(file.state.stage).toBe(stage);
    expect(await kinds()).not.toContain('run-started');
    expect(await house.locks.holders()).toEqual([]);
    if (stage === 'ended') await driving;
  });

  describe('a process that ends while it plans leaves the run to the next one, as it was', () => {
    const closing = (): Error => {
      house.leave();
      return new Error('closing');
    };

    test('before it starts', async () => {
      const file = await house.request(prepared, noApproval);
      world.breaks = closing;
      await house.drive(file);
      expect(await kinds()).toEqual(['run-requested']);
      expect(await house.locks.holders()).toEqual([]);
    });

    test('before it asks anew', async () => {
      const file = await atTheRequest();
      await house.order(file, voteOrder('nogo', 'request'), bob);
      await house.until(file, (state) => state.hold !== undefined);
      world.breaks = closing;
      await house.order(file, resumeOrder(), alice);
      for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
      expect((await kinds()).at(-1)).toBe('run-resumed');
    });
  });

  test('a full disk is waited for, not hammered on', async () => {
    const file = await atTheRequest();
    await house.order(file, voteOrder('go', 'request'), bob);
    await house.until(file, (state) => state.gates[0]?.settled !== undefined);
    disk.refuses = 3;
    await help(house, file);
    expect(file.state.ended?.result).toBe('PASS');
    expect(house.troubles).toHaveLength(3);
    expect(house.clock.now() - START).toBeGreaterThan(3_000);
  });
});

describe('at the gate of a phase', () => {
  test('what remains has the recorded digests while the world agrees, and no new plan is shown', async () => {
    const file = await atThePhase();
    const [gate] = await gates();
    expect(gate).not.toHaveProperty('plan');
    expect(gate).not.toHaveProperty('difference');
    expect(file.state.gates[0]?.changed).toBe(false);
  });

  test('what has changed is shown, and recorded as what the later gates compare with', async () => {
    const file = await atThePhase();
    await house.order(file, voteOrder('nogo', 'gate'), bob);
    await house.until(file, (state) => state.hold !== undefined);
    world.values.set('02-c', 'half');
    for (const gatesThen of [2, 3]) {
      await house.order(file, resumeOrder(), alice);
      await house.until(file, (state) => state.gates.length === gatesThen);
      await house.order(file, voteOrder('nogo', 'gate'), bob);
      await house.until(file, (state) => state.hold !== undefined);
    }
    const [first, second, third] = await gates();
    expect(second?.difference).toEqual([
      {
        phase: '2',
        task: '02-c',
        object: toyObject('02-c'),
        was: { from: 'off', to: 'on' },
        is: { from: 'half', to: 'on' },
      },
    ]);
    expect(second?.plan?.phases.map(({ id }) => id)).toEqual(['1', '2']);
    expect(second?.digest).not.toBe(first?.digest);
    expect(third?.digest).toBe(second?.digest);
    expect(third).not.toHaveProperty('difference');
  });
});

describe('a lock that is lost', () => {
  const lose = (): void => void house.state.prepare('UPDATE lease SET expires_at = 0').run();

  test('is had back, and the run goes on, where nobody held it in between', async () => {
    const file = await atThePhase();
    lose();
    await house.until(file, (state) => state.leaseLost !== undefined);
    await house.until(file, (state) => state.leaseLost === undefined);
    expect(file.state.hold).toBeUndefined();
    await help(house, file);
    expect(file.state.ended?.result).toBe('PASS');
  });

  test('stops new steps until it is had back, however long another run keeps it, and then waits for a person', async () => {
    const file = await atThePhase();
    await house.order(file, voteOrder('go', 'gate'), bob);
    await house.until(file, (state) => taskState(state, '01-b').forward.stage === 'ready');
    lose();
    // One lock can be had at once, and the other one only later: what is known of the first is not forgotten.
    const thief = { installation: 'another', run: 1 };
    const box = await house.locks.acquire('box', 60_000, thief);
    const toy = await house.locks.acquire('toy', 60_000, thief);
    await box.lease.release();
    await house.until(file, (state) => state.leaseLost !== undefined);
    const { writes } = world;
    const before = writes.length;
    await house.clock.sleepUntil((house.clock.now() + 30_000) as never);
    expect(writes).toHaveLength(before);
    expect(file.state.leaseLost).toMatchObject({ lock: 'toy', takenBy: thief });
    expect((await kinds()).filter((kind) => kind === 'lock-taken-by-another')).toHaveLength(1);
    expect(waitsOf(file.prepared, file.state, house.clock.now())[0]?.what).toContain(
      'the lock toy was lost and is held by run 1 of another',
    );
    // Whoever kept it had not written with it, as far as the store can tell of this one.
    house.state.prepare("DELETE FROM fence WHERE lock = 'toy' AND installation = 'another'").run();
    await toy.lease.release();
    await house.until(file, (state) => state.leaseLost === undefined);
    expect(file.state.hold?.because).toMatch(/another run held one of the locks/);
    expect((await kinds()).slice(-2)).toEqual(['run-held', 'locks-regained']);
    // What can be had is taken once and kept, not taken anew each time that the other one is asked for.
    const fences = house.state.prepare(
      "SELECT count(*) FROM fence WHERE lock = 'box' AND installation = 'test'",
    );
    expect(fences.pluck().get()).toBe(2);
  });

  test('is journaled later where the journal could not be written, before any further step', async () => {
    const file = await atThePhase();
    lose();
    // Both locks are lost, and neither is told of.
    disk.refuses = 2;
    const lost = file.leases.get('toy')?.lost;
    await new Promise((resolve) => lost?.addEventListener('abort', resolve, { once: true }));
    for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
    expect(disk.refuses).toBe(0);
    await house.order(file, voteOrder('go', 'gate'), bob);
    await help(house, file);
    const all = await kinds();
    expect(all.indexOf('lease-lost')).toBeGreaterThan(0);
    expect(all.indexOf('lease-lost')).toBeLessThan(all.lastIndexOf('phase-started'));
    expect(file.state.ended?.result).toBe('PASS');
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/domain/instant.js';
import { blocked, holds } from '../../src/runbook/finding.js';
import type { Phase } from '../../src/runbook/runbook.js';
import { defineTask } from '../../src/runbook/task.js';
import { holdOrder, resumeOrder, voteOrder } from '../../src/runner/orders.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { RunFile } from '../../src/runner/run-file.js';
import { taskState } from '../../src/runner/run-state.js';
import { alice, bob, help } from '../support/toy-crowd.js';
import { ToyHouse } from '../support/toy-house.js';
import { ToyLife } from '../support/toy-life.js';
import { noApproval, oneGo, toyManual, toyRunbook, toyTask, ToyWorld } from '../support/toy-runbook.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: ReturnType<typeof temporaryFolder>;
let world: ToyWorld;
let house: ToyHouse;
let prepared: PreparedRun;

/** Changes nothing; its check is all that it does. */
const lookOnly = (id: string) =>
  defineTask({
    ...toyTask(world, { id }),
    check: () => {
      const finding = world.blockedNames.has(id) ? blocked([]) : holds();
      return Promise.resolve({ finding, before: null, changes: [] });
    },
    verify: () => Promise.resolve(holds()),
  });

beforeEach(() => {
  folder = temporaryFolder();
  world = new ToyWorld(ToyHouse.clock());
  house = new ToyHouse(folder, world);
  const phases = (): Phase[] => [
    { id: '0', title: 'preparation', urgent: false, tasks: [toyTask(world, { id: '00-a' })] },
    {
      id: '2',
      title: 'the switch',
      urgent: true,
      gate: oneGo,
      tasks: [
        toyTask(world, { id: '02-c' }),
        toyManual('02-w'),
        toyTask(world, { id: '02-x', after: [{ task: '02-w', once: 'verified' }] }),
      ],
    },
    { id: '4', title: 'the rest', urgent: true, tasks: [toyTask(world, { id: '04-f' }), lookOnly('04-l')] },
  ];
  prepared = house.prepare(toyRunbook(phases), 'live');
});
afterEach(() => {
  house.close();
  folder[Symbol.dispose]();
});

/** A run that waits for a person's word inside its urgent phases. */
async function inTheWindow(): Promise<RunFile> {
  const file = await house.request(prepared, noApproval);
  void house.drive(file);
  await house.until(file, (state) => state.gates.length === 1);
  await house.order(file, voteOrder('go', 'gate'), bob);
  await house.until(
    file,
    (state) => taskState(state, '02-w').asked !== undefined && taskState(state, '02-c').end !== undefined,
  );
  return file;
}

async function afterDeath(gap = 1_000): Promise<RunFile> {
  house.die(gap);
  house = new ToyHouse(folder, world);
  return house.reload(1, prepared);
}

const last = async (kind: string) => (await house.entries(1)).findLast((entry) => entry.kind === kind);

describe('in the read-only window a run that is taken up', () => {
  test('goes on by itself while the world is as it was planned', async () => {
    await inTheWindow();
    const file = await afterDeath();
    expect(await last('recovered')).toMatchObject({ urgent: true, gap: 1_000, agrees: true, evidence: [] });
    expect(file.state.hold).toBeUndefined();
    await Promise.all([house.drive(file), help(house, file)]);
    expect(file.state.ended?.result).toBe('PASS');
    expect(await last('run-held')).toBeUndefined();
  });

  test.each([
    [
      'somebody has changed what was still to be changed',
      () => world.values.set('04-f', 'on'),
      /04-f.* was planned as .*"from":"off".* and is now null/,
    ],
    [
      'somebody has changed what a task of the current phase was still to change',
      () => world.values.set('02-x', 'on'),
      /02-x.* was planned as .*"from":"off".* and is now null/,
    ],
    [
      'a later check would say no',
      () => world.blockedNames.add('04-l'),
      /04-l would be stopped by its check/,
    ],
  ])('waits, with an alarm, where %s', async (_, happens, because) => {
    await inTheWindow();
    happens();
    const file = await afterDeath();
    expect(file.state.hold?.because).toMatch(because);
    expect(await last('alarm')).toMatchObject({ about: 'recovery-1', text: expect.stringMatching(because) });
    expect(await last('recovered')).toMatchObject({ agrees: false });
    world.values.delete('04-f');
    world.values.delete('02-x');
    world.blockedNames.clear();
    await Promise.all([house.drive(file), help(house, file)]);
    expect(file.state.ended?.result).toBe('PASS');
  });

  test('waits after more than 5 minutes, and goes on after exactly 5', async () => {
    await inTheWindow();
    expect((await afterDeath(5 * MINUTE)).state.hold).toBeUndefined();
    expect((await afterDeath(5 * MINUTE + 1)).state.hold?.because).toMatch(
      /nothing was written for 5 min, more than 5 min/,
    );
  });

  test('goes on at most three times', async () => {
    await inTheWindow();
    for (let times = 0; times < 3; times += 1) expect((await afterDeath()).state.hold).toBeUndefined();
    expect((await afterDeath()).state.hold?.because).toMatch(/taken up 3 times already/);
  });

  test('is on hold before anything else is written, so that dying again does not make the gap short', async () => {
    await inTheWindow();
    house.die(10 * MINUTE);
    // The next process dies as soon as it has written one entry.
    house = new ToyHouse(folder, world, { life: new ToyLife(2) });
    const short = await house.load(1, prepared);
    await Promise.race([house.recover(short), house.life.over]);
    expect((await afterDeath()).state.hold?.because).toMatch(/nothing was written for 10 min/);
  });

  test('stays on hold where it was held, without another alarm', async () => {
    const file = await inTheWindow();
    await house.order(file, holdOrder('look'), alice);
    const again = await afterDeath(10 * MINUTE);
    expect(again.state.hold?.because).toBe('held by alice: look');
    expect(await last('alarm')).toBeUndefined();
  });
});

describe('outside of it a run that is taken up', () => {
  const atTheGate = async (): Promise<void> => {
    const file = await house.request(prepared, noApproval);
    void house.drive(file);
    await house.until(file, (state) => state.gates.length === 1);
  };
  test('goes on however long it took, and that does not count in the window', async () => {
    await atTheGate();
    for (let times = 0; times < 4; times += 1) {
      const file = await afterDeath(60 * MINUTE);
      expect([file.state.hold, file.state.recoveries]).toEqual([undefined, 0]);
    }
    expect(await last('recovered')).toMatchObject({ urgent: false, agrees: true });
  });
  test('has its locks back, under a higher fence, before it goes on', async () => {
    await atTheGate();
    const file = await afterDeath();
    const before = file.state.fences['toy'] ?? 0;
    expect(file.state.leaseLost?.lock).toBe('toy');
    void house.drive(file);
    await house.until(file, (state) => state.leaseLost === undefined);
    expect(file.state.fences['toy']).toBeGreaterThan(before);
  });
  test('is on hold when another run held one of its locks meanwhile', async () => {
    await atTheGate();
    house.die(5 * MINUTE);
    house = new ToyHouse(folder, world);
    const { lease } = await house.locks.acquire('toy', 60_000, { installation: 'another', run: 7 });
    await lease.release();
    const file = await house.reload(1, prepared);
    void house.drive(file);
    await house.until(file, (state) => state.leaseLost === undefined);
    expect(file.state.hold?.because).toMatch(/another run held one of the locks/);
    await house.order(file, resumeOrder(), alice);
    await help(house, file);
    expect(file.state.ended?.result).toBe('PASS');
  });
});

test('a step that was under way is unknown, and looked at again', async () => {
  const file = await house.request(prepared, noApproval);
  void house.drive(file);
  await house.until(file, (state) => taskState(state, '00-a').forward.running?.step === 'apply');
  const again = await afterDeath();
  expect(await last('step-ended')).toMatchObject({
    task: '00-a',
    step: 'apply',
    outcome: { kind: 'unknown' },
  });
  expect(taskState(again.state, '00-a').forward).toMatchObject({ stage: 'pending', applyUnknown: true });
});

test('a dry run that died is taken up without anybody being asked, and ends as it would have', async () => {
  const phases = (): Phase[] => [
    { id: '0', title: 'p', urgent: false, tasks: [toyTask(world, { id: '00-a', again: 'ask' })] },
  ];
  const dry = house.prepare(toyRunbook(phases), 'dry-run');
  house.close();
  house = new ToyHouse(folder, world, { life: new ToyLife(Infinity) });
  const file = await house.request(dry, noApproval);
  for (const step of ['check', 'apply'] as const) {
    const at = { task: '00-a', step, direction: 'forward', round: 1, attempt: 1 } as const;
    if (step === 'check') {
      await file.append({ kind: 'run-started', digest: 'd' });
      await file.append({ kind: 'phase-started', phase: '0' });
    }
    await file.append({ kind: 'step-started', ...at });
    if (step === 'check')
      await file.append({
        kind: 'step-ended',
        ...at,
        outcome: {
          kind: 'checked',
          finding: holds(),
          before: 'off',
          changes: [{ object: 'x', from: 'off', to: 'on' }],
        },
        took: 0,
      });
  }
  house.die();
  house = new ToyHouse(folder, world);
  const again = await house.reload(1, dry);
  await house.drive(again);
  expect(again.state.ended).toMatchObject({ result: 'PASS' });
  expect(world.writes).toEqual([]);
});

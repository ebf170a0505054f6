import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { holds, notYet, notYetLongEnough } from '../../src/runbook/finding.js';
import type { Phase } from '../../src/runbook/runbook.js';
import type { Task } from '../../src/runbook/task.js';
import {
  abortOrder,
  confirmOrder,
  holdOrder,
  resumeOrder,
  retryOrder,
  skipOrder,
  voteOrder,
} from '../../src/runner/orders.js';
import { taskState } from '../../src/runner/run-state.js';
import { caller, ToyHouse } from '../support/toy-house.js';
import { noApproval, oneGo, toyManual, toyRunbook, toyTask, ToyWorld } from '../support/toy-runbook.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const alice = caller('alice', 'operator', 'approver');
const bob = caller('bob', 'approver', 'dba');
const carol = caller('carol', 'approver');

describe('a run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let world: ToyWorld;
  let house: ToyHouse;

  beforeEach(() => {
    folder = temporaryFolder();
    world = new ToyWorld(ToyHouse.clock());
    house = new ToyHouse(folder, world);
  });
  afterEach(() => {
    house.close();
    folder[Symbol.dispose]();
  });

  const phases = (): Phase[] => [
    {
      id: '0',
      title: 'preparation',
      urgent: false,
      tasks: [
        toyTask(world, { id: '00-a' }),
        toyTask(world, { id: '00-b', after: [{ task: '00-a', once: 'verified' }] }),
      ],
    },
    { id: '1', title: 'the switch', urgent: true, gate: oneGo, tasks: [toyTask(world, { id: '01-c' })] },
    {
      id: '2',
      title: 'afterwards',
      urgent: false,
      tasks: [toyTask(world, { id: '02-d' }), toyManual('02-e')],
    },
  ];
  const runbook = () => toyRunbook(phases, { pointOfNoReturn: { task: '02-d', because: 'It is done.' } });

  test('goes through its approvals, gates, tasks and a person’s confirmation to PASS', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), oneGo);
    const driving = house.drive(file);
    await house.until(file, (state) => state.gates.length === 1);
    expect(await house.order(file, voteOrder('go', 'request'), alice)).toMatch(
      /^refused: you asked for this yourself/,
    );
    expect(await house.order(file, voteOrder('go', 'request'), bob)).toBe('ok');
    await house.until(file, (state) => state.gates.length === 2);
    expect(world.writes).toEqual(['00-a="on"', '00-b="on"']);
    expect(await house.order(file, voteOrder('go', 'gate'), carol)).toBe('ok');
    await house.until(file, (state) => taskState(state, '02-e').asked !== undefined);
    expect(await house.order(file, confirmOrder('02-e'), carol)).toMatch(/may not confirm/);
    expect(await house.order(file, confirmOrder('02-e'), bob)).toBe('ok');
    await driving;
    expect(file.state.ended).toMatchObject({ result: 'PASS', counts: { observed: 4, confirmed: 1 } });
    expect(world.writes).toEqual(['00-a="on"', '00-b="on"', '01-c="on"', '02-d="on"']);
    expect(house.troubles).toEqual([]);
  });

  test('that nobody approves in time goes on hold without having done anything, and asks anew after resume', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), oneGo);
    const driving = house.drive(file);
    await house.until(file, (state) => state.hold !== undefined);
    expect(file.state.hold?.because).toMatch(/no answer in time/);
    expect(await house.order(file, resumeOrder(), alice)).toBe('ok');
    await house.until(file, (state) => state.gates.length === 2);
    expect(file.state.gates[1]).toMatchObject({ for: { kind: 'request' }, asker: 'alice', votes: [] });
    expect(await house.order(file, abortOrder('another day'), alice)).toBe('ok');
    await driving;
    expect(file.state.ended).toMatchObject({ result: 'ABORTED', because: 'withdrawn by alice: another day' });
    expect(world.writes).toEqual([]);
  });

  test('goes on hold at a NOGO, asks anew after resume, and goes on with a GO', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => state.gates.length === 1);
    await house.order(file, voteOrder('nogo', 'gate', undefined, 'not now'), carol);
    await house.until(file, (state) => state.hold !== undefined);
    expect(world.values.get('01-c')).toBeUndefined();
    await house.order(file, resumeOrder(), alice);
    await house.until(file, (state) => state.gates.length === 2);
    await house.order(file, voteOrder('go', 'gate'), bob);
    await house.until(file, (state) => taskState(state, '02-e').asked !== undefined);
    await house.order(file, confirmOrder('02-e'), alice);
    await driving;
    expect(file.state.ended?.result).toBe('PASS');
  });

  test('aborted before the point of no return takes everything back, newest first', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => state.gates.length === 1);
    expect(await house.order(file, abortOrder('no'), alice)).toBe('ok');
    await driving;
    expect(world.writes).toEqual(['00-a="on"', '00-b="on"', '00-b="off"', '00-a="off"']);
    expect(file.state.ended).toMatchObject({ result: 'ABORTED', counts: { 'taken-back': 2 } });
  });

  test('cannot be aborted after the point of no return, and is told why', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => state.gates.length === 1);
    await house.order(file, voteOrder('go', 'gate'), bob);
    await house.until(file, (state) => taskState(state, '02-d').forward.applyStarted !== undefined);
    expect(await house.order(file, abortOrder('no'), alice)).toBe(
      'refused: 02-d has begun: only forward is possible. It is done.',
    );
    await house.until(file, (state) => taskState(state, '02-e').asked !== undefined);
    await house.order(file, confirmOrder('02-e'), alice);
    await driving;
  });

  test('waits for a person where a check says no, and goes on after retry', async () => {
    world.blockedNames.add('00-b');
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => taskState(state, '00-b').forward.stage === 'failed');
    world.blockedNames.clear();
    expect(await house.order(file, retryOrder(), alice)).toBe('ok');
    await house.until(file, (state) => state.gates.length === 1);
    await house.order(file, abortOrder('enough'), alice);
    await driving;
  });

  test('in which a person skipped a task with a second person’s GO ends FAIL and says by whom', async () => {
    world.blockedNames.add('00-b');
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => taskState(state, '00-b').forward.stage === 'failed');
    expect(await house.order(file, skipOrder('00-b', 'done by hand', oneGo), alice)).toBe('ok');
    expect(await house.order(file, voteOrder('go', 'gate'), alice)).toMatch(/^refused/);
    expect(await house.order(file, voteOrder('go', 'gate'), bob)).toBe('ok');
    await house.until(file, (state) => state.gates.length === 2);
    expect(await house.order(file, skipOrder('01-c', 'no', oneGo), alice)).toMatch(/read-only window/);
    await house.order(file, voteOrder('go', 'gate'), bob);
    await house.until(file, (state) => taskState(state, '02-e').asked !== undefined);
    await house.order(file, confirmOrder('e'), alice);
    await driving;
    expect(file.state.ended?.result).toBe('FAIL');
    expect(file.state.ended?.because).toBe('incomplete: skipped 00-b by alice (done by hand)');
  });

  test('on hold starts nothing new, and goes on after resume', async () => {
    const file = await house.request(house.prepare(runbook(), 'live'), noApproval);
    const driving = house.drive(file);
    await house.until(file, (state) => taskState(state, '00-a').forward.running !== undefined);
    await house.order(file, holdOrder('wait'), alice);
    await house.clock.sleepUntil((house.clock.now() + 60_000) as never);
    expect(world.writes.length).toBeLessThanOrEqual(1);
    await house.order(file, resumeOrder(), alice);
    await house.until(file, (state) => state.gates.length === 1);
    expect(world.writes).toEqual(['00-a="on"', '00-b="on"']);
    await house.order(file, abortOrder('enough'), alice);
    await driving;
  });

  test('in which something has to hold for a while tells each look since when the one before saw it', async () => {
    const told: unknown[] = [];
    const seenAt: number[] = [];
    const steady: Task = {
      ...toyTask(world, { id: '00-a' }),
      verify: (see, { held }) => {
        told.push(held);
        const look = seenAt.push(see.now());
        // Seen at the first two looks and the last two; not at the third.
        if (look === 3) return Promise.resolve(notYet([]));
        if (look === 5) return Promise.resolve(holds());
        return Promise.resolve(notYetLongEnough([], held?.since ?? see.now()));
      },
    };
    const only: Phase[] = [{ id: '0', title: 'preparation', urgent: false, tasks: [steady] }];
    const file = await house.request(
      house.prepare(
        toyRunbook(() => only),
        'live',
      ),
      noApproval,
    );
    await house.drive(file);
    expect(file.state.ended?.result).toBe('PASS');
    const [first, second, , fourth] = seenAt;
    expect(told).toEqual([
      undefined,
      { since: first, seenAt: first },
      { since: first, seenAt: second },
      undefined,
      { since: fourth, seenAt: fourth },
    ]);
  });

  test('that is dry walks every phase and writes nothing', async () => {
    const file = await house.request(house.prepare(runbook(), 'dry-run'), noApproval);
    await house.drive(file);
    expect(world.writes).toEqual([]);
    expect(file.state.ended?.result).toBe('PASS');
    expect((await house.entries(file.state.run)).filter((entry) => entry.kind === 'gate-opened')).toEqual([]);
  });

  test('that nobody has to approve records the plan it starts with where the world has changed since', async () => {
    const file = await house.request(house.prepare(runbook(), 'dry-run'), noApproval);
    const requested = file.state.plan.digest;
    await world.write('00-a', 'on');
    await house.drive(file);
    const started = (await house.entries(file.state.run)).find((entry) => entry.kind === 'run-started');
    expect(file.state.plan.digest).not.toBe(requested);
    expect(started).toMatchObject({ digest: file.state.plan.digest });
    expect(file.state.planned['0']?.tasks.map(({ changes }) => changes.length)).toEqual([0, 1]);
  });
});

import { expect, test } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import type { RunState } from '../../../src/runner/run-state.js';
import { openGates } from '../../../src/runner/run-state.js';
import { eventually } from '../../support/eventually.js';
import { LabHouse } from '../../support/lab-house.js';
import { lasting, snapshot } from '../../support/lab-snapshot.js';
import { LabWatch } from '../../support/lab-watch.js';
import { onOneLab } from '../../support/on-one-lab.js';

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

const settled = async (): Promise<object> => lasting(await snapshot(lab));

const hasApplied =
  (task: string) =>
  (state: RunState): boolean =>
    state.tasks[task]?.forward.applyStarted !== undefined;

test.each(['03-set-db-read-only', '04-depool-from'])(
  'a run that is aborted once %s has begun is taken back: everything is as before, and no edit is lost',
  async (task) => {
    await using house = await LabHouse.open(lab, task);
    await using watch = new LabWatch(lab);
    const { primary } = lab.settings;
    const before = await settled();
    await using editors = await lab.editors();
    editors.start();
    const run = await house.start();
    await house.helped(run, hasApplied(task));
    await house.order('alice', `abort ${run} --reason "edits fail on s4"`);
    const { ended } = await house.helped(run);
    await editors.stop();
    expect(ended).toMatchObject({ result: 'ABORTED', because: 'aborted by alice: edits fail on s4' });
    expect(await watch.breaches(await house.entries(run), editors.edits)).toEqual([]);
    expect(await settled()).toEqual(before);
    const server = lab.wiki.appServers.find(({ datacenter }) => datacenter === primary);
    const found = await editors.verify(server?.url ?? '');
    expect(found).toMatchObject({ lost: [], savedThoughRefused: [] });
    expect(editors.edits.at(-1)?.outcome.kind).toBe('acknowledged');
    expect(house.troubles).toEqual([]);
  },
  200_000,
);

test('after a NOGO before read-only nothing is written; after the GO that follows the run passes', async () => {
  await using house = await LabHouse.open(lab, 'nogo');
  await using watch = new LabWatch(lab);
  const run = await house.start();
  const isFinalGate = (state: RunState): boolean =>
    openGates(state).some((gate) => gate.for.kind === 'phase' && gate.for.phase === '2');
  const atGate = await house.helped(run, isFinalGate);
  const gate = openGates(atGate).at(-1)?.id ?? '';
  await house.order('bob', `nogo ${run} --gate ${gate} "edits fail on s4"`);
  await house.until(run, ({ hold }) => hold !== undefined);
  expect(await house.asked('carol', `why ${run}`)).toMatch(
    /on hold: NOGO by bob: edits fail on s4.*resume.*abort/,
  );
  const before = await settled();
  const looks = watch.store.length;
  await eventually(() => watch.store.length >= looks + 20, 'the watch looks', 30_000);
  expect(await settled()).toEqual(before);
  expect((await house.state(run)).tasks['02-set-read-only']?.forward.applyStarted).toBeUndefined();

  const { ended } = await house.helped(run);
  expect(ended).toMatchObject({ result: 'PASS' });
  expect(await watch.breaches(await house.entries(run))).toEqual([]);
  expect(watch.store.at(-1)?.primary).toBe(lab.settings.secondary);
  expect(house.troubles).toEqual([]);
}, 200_000);

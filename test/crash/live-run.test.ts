import { expect, test } from '@jest/globals';
import { crashMatrix, type Story } from '../support/crash-matrix.js';
import type { Written } from '../support/watched-files.js';

/** Where `npm test` kills: at the first of each kind of write in each phase. `npm run test:crash` does at every write. */
const all = process.env['SWITCHDC_CRASH_MATRIX'] === 'full';
const TIMEOUT = all ? 2 * 3_600_000 : 120_000;

/** Written in every phase, each time for another reason; of everything else the first is enough. */
const IN_EACH_PHASE: readonly Written[] = [
  'journal step-started',
  'journal step-ended',
  'store',
  'world access',
  'world command',
];

/** Polling writes the same again and again; once in each phase is enough for a sample. */
function sample(writes: readonly Written[], since: number): number[] {
  const first = new Map<string, number>();
  let phase = 0;
  writes.forEach((written, number) => {
    if (written === 'journal phase-started') phase += 1;
    if (number < since) return;
    const what = written.split(' ').slice(0, 2).join(' ');
    const key = `${what} ${IN_EACH_PHASE.includes(what) ? phase : ''}`;
    if (!first.has(key)) first.set(key, number);
  });
  return [...first.values()];
}

const everything = (writes: readonly Written[], since: number): number[] =>
  [...writes.keys()].filter((number) => number >= since);
const points = all ? everything : sample;

const helpful: Story = (full, run) => full.helped(run);

/** Somebody aborts as late as that is possible; another process finds the order given, or gives it again. */
const backAgain: Story = async (full, run) => {
  const isLate = await full.helped(
    run,
    ({ tasks, abort, ended }) =>
      abort !== undefined ||
      ended !== undefined ||
      tasks['06-set-db-read-write']?.forward.applyStarted !== undefined,
  );
  if (isLate.abort === undefined && isLate.ended === undefined)
    await full.order('alice', `abort ${run} --reason "edits fail"`);
  return full.helped(run);
};

test(
  'wherever a live run is killed, another process brings it to the same end: world, outcomes and log',
  async () => {
    const { undisturbed, crashed } = await crashMatrix(helpful, (writes) => points(writes, 0));
    expect(undisturbed.outcomes).toMatchObject({ result: 'PASS' });
    expect(undisturbed).toMatchObject({
      broken: [],
      stops: [],
      prescribed: { start: 1, end: 1, readOnlyStarts: 1, readOnlyEnds: 1 },
    });
    expect(crashed.length).toBeGreaterThan(all ? 500 : 40);
    for (const { written, left } of crashed)
      expect({ written, ...left }).toEqual({ written, ...undisturbed });
  },
  TIMEOUT,
);

test(
  'wherever a run is killed on its way back, another process takes it back to the same end',
  async () => {
    const isAbort = (written: Written): boolean => written === 'journal abort-asked';
    const { undisturbed, crashed } = await crashMatrix(backAgain, (writes) =>
      points(writes, writes.findIndex(isAbort)),
    );
    expect(undisturbed.outcomes).toMatchObject({ result: 'ABORTED' });
    expect(undisturbed).toMatchObject({ broken: [], stops: [], prescribed: { start: 1, end: 1 } });
    expect(crashed.length).toBeGreaterThan(all ? 100 : 10);
    for (const { written, left } of crashed)
      expect({ written, ...left }).toEqual({ written, ...undisturbed });
  },
  TIMEOUT,
);

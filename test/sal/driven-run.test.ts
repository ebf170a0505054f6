import { describe, expect, it } from '@jest/globals';
import { abortOrder, confirmOrder, voteOrder } from '../../src/runner/orders.js';
import type { RunFile } from '../../src/runner/run-file.js';
import { type RunState, taskState } from '../../src/runner/run-state.js';
import { type SalState, journalLines } from '../../src/sal/journal-lines.js';
import { ToyHouse, caller } from '../support/toy-house.js';
import { ToyWorld, oneGo, toyManual, toyRunbook, toyTask } from '../support/toy-runbook.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const alice = caller('alice', 'operator', 'approver');
const bob = caller('bob', 'approver', 'dba');

/** What the log says of a run that the runner itself drives, until `when` and then as `then` has it. */
async function linesOfDrivenRun(
  when: (state: RunState) => boolean,
  then: (house: ToyHouse, file: RunFile) => Promise<unknown>,
): Promise<string[]> {
  using folder = temporaryFolder();
  const world = new ToyWorld(ToyHouse.clock());
  const house = new ToyHouse(folder, world);
  const runbook = toyRunbook(() => [
    { id: '0', title: 'preparation', urgent: false, tasks: [toyTask(world, { id: '00-a' })] },
    { id: '1', title: 'the switch', urgent: true, gate: oneGo, tasks: [toyTask(world, { id: '01-c' })] },
    {
      id: '2',
      title: 'afterwards',
      urgent: false,
      tasks: [toyManual('02-e'), toyTask(world, { id: '02-d', after: [{ task: '02-e', once: 'verified' }] })],
    },
  ]);
  const file = await house.request(house.prepare(runbook, 'live'), oneGo);
  const driving = house.drive(file);
  await house.until(file, (state) => state.gates.length === 1);
  await house.order(file, voteOrder('go', 'request'), bob);
  await house.until(file, (state) => state.gates.length === 2);
  await house.order(file, voteOrder('go', 'gate'), bob);
  await house.until(file, when);
  await then(house, file);
  await driving;
  const recorded = await house.journal.read(1);
  house.close();

  const context = {
    window: { opens: '01-c', closes: '02-d', budget: 1_000 },
    salText: () => 'Switch it by hand',
  };
  let state: SalState | undefined;
  return recorded.flatMap((each) => {
    const next = journalLines(state, each, context);
    state = next.state;
    return next.lines.map(({ text }) => text);
  });
}

const askedForHand = (state: RunState): boolean => taskState(state, '02-e').asked !== undefined;

/** The lines with their lengths of time and instants left out: the runner's pace is not what is tested here. */
const timeless = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/ after \d+ \w+/, '').replace(/at: 2026-03-25T13:00:[\d.]+Z$/, 'at: …'));

describe('a run that is really driven', () => {
  it('is told from its request to its end, each line once', async () => {
    const lines = await linesOfDrivenRun(askedForHand, (house, file) =>
      house.order(file, confirmOrder('02-e'), bob),
    );
    expect(timeless(lines)).toEqual([
      expect.stringMatching(/^REQUEST - switchdc toy for .* \(run 1\): needs 1 approval: a test$/),
      'GO by bob - switchdc toy request (run 1)',
      expect.stringMatching(/^GATE PASSED - switchdc toy request: .* \(run 1\)$/),
      expect.stringMatching(/^START - switchdc toy for .* - T1 \(run 1\)$/),
      'START - switchdc toy 00-a (run 1)',
      'END (PASS) - switchdc toy 00-a: observed (run 1)',
      'END - switchdc toy phase 0 (preparation): 1 observed (run 1)',
      'GO by bob - switchdc toy phase 1 (the switch) (run 1)',
      expect.stringMatching(/^GATE PASSED - switchdc toy phase 1 \(the switch\): .* \(run 1\)$/),
      'START - switchdc toy 01-c (run 1)',
      'MediaWiki read-only period starts at: …',
      'END (PASS) - switchdc toy 01-c: observed (run 1)',
      'END - switchdc toy phase 1 (the switch): 1 observed (run 1)',
      'Switch it by hand - confirmed by bob (run 1)',
      'START - switchdc toy 02-d (run 1)',
      'END (PASS) - switchdc toy 02-d: observed (run 1)',
      'MediaWiki read-only period ends at: …',
      'END - switchdc toy phase 2 (afterwards): 1 confirmed, 1 observed (run 1)',
      expect.stringMatching(/^END \(PASS\) - switchdc toy for .* - T1 \(run 1\): 3 observed, 1 confirmed$/),
    ]);
  });

  it('and aborted is told with its rollback, and read-only ends with it', async () => {
    const lines = await linesOfDrivenRun(askedForHand, (house, file) =>
      house.order(file, abortOrder('s4 is broken'), alice),
    );
    expect(timeless(lines).slice(13)).toEqual([
      'ABORT - switchdc toy (run 1) asked by alice: s4 is broken',
      'ROLLBACK - switchdc toy (run 1): 01-c, 00-a',
      'START - switchdc toy rollback of 01-c (run 1)',
      'END (PASS) - switchdc toy rollback of 01-c: observed (run 1)',
      'MediaWiki read-only period ends at: …',
      'START - switchdc toy rollback of 00-a (run 1)',
      'END (PASS) - switchdc toy rollback of 00-a: observed (run 1)',
      expect.stringMatching(
        /^END \(ABORTED\) - switchdc toy for .* \(run 1\): 2 taken-back, 2 not-run: aborted by alice: s4 is broken$/,
      ),
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import type { Mode } from '../../src/runbook/mode.js';
import { findTask, type ResolvedTask, resolvePhases } from '../../src/runbook/resolve.js';
import type { Phase } from '../../src/runbook/runbook.js';
import type { ManualTask, Task } from '../../src/runbook/task.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { NOON } from '../support/toy-decide.js';
import { oneGo, toyManual, toyTask, ToyWorld } from '../support/toy-runbook.js';

const world = new ToyWorld(fastClock(instant(NOON)));
const resolve = (
  task: Task | ManualTask,
  mode: Mode,
  urgency: 'planned' | 'emergency' = 'planned',
): ResolvedTask | undefined =>
  resolvePhases([{ id: '0', title: 'p', urgent: false, tasks: [task] }], mode, urgency)[0]?.tasks[0];
const short = (task: ResolvedTask | undefined): string =>
  task?.does === 'pass-over' ? `pass over: ${task.because}` : (task?.does ?? 'none');

const same = toyTask(world, { id: '00-a' });
const skipped = toyTask(world, { id: '00-a', inLiveTest: 'skip', inEmergency: 'skip' });
const manual = toyManual('00-m');
const keptManual: ManualTask = { ...manual, inLiveTest: 'same', inEmergency: 'skip' };

describe('a task gives the answer of its mode', () => {
  test.each<[Task | ManualTask, Mode, 'planned' | 'emergency', string]>([
    [same, 'live', 'planned', 'act'],
    [same, 'live-test', 'planned', 'act'],
    [same, 'dry-run', 'planned', 'act'],
    [same, 'live', 'emergency', 'act'],
    [skipped, 'live', 'planned', 'act'],
    [skipped, 'live-test', 'planned', 'pass over: live-test'],
    [skipped, 'dry-run', 'planned', 'act'],
    [skipped, 'live', 'emergency', 'pass over: emergency'],
    [skipped, 'live-test', 'emergency', 'pass over: live-test'],
    [manual, 'live', 'planned', 'ask'],
    [manual, 'live-test', 'planned', 'pass over: live-test'],
    [manual, 'dry-run', 'planned', 'pass over: dry-run'],
    [keptManual, 'live-test', 'planned', 'ask'],
    [keptManual, 'live', 'emergency', 'pass over: emergency'],
  ])('%#', (task, mode, urgency, expected) => {
    expect(short(resolve(task, mode, urgency))).toBe(expected);
  });

  test('and in a live test its own step with its own way back, where it has one', () => {
    const answer = { ...same, rollback: { needless: 'nothing was done' } };
    const own = toyTask(world, { id: '00-a', inLiveTest: answer });
    expect(resolve(own, 'live-test')).toMatchObject({ does: 'act', step: answer, rollback: answer.rollback });
    expect(resolve(own, 'live')).toMatchObject({ does: 'act', rollback: own.rollback });
  });
  test('and in a dry run looks once: no rounds, no waiting', () => {
    const rounds = resolve(toyTask(world, { id: '00-a', rounds: 3 }), 'dry-run');
    if (rounds?.does !== 'act') throw new Error('it acts');
    expect(rounds.step.more).toBeUndefined();
    expect(rounds.step.patience).toEqual({ every: 0, upTo: 0 });
  });
});

describe('a phase', () => {
  const phase: Phase = {
    id: '2',
    title: 'p',
    urgent: true,
    gate: oneGo,
    notBefore: instant(5),
    tasks: [same],
  };
  test.each(['live', 'live-test'] as const)('keeps its gate and its time in a %s run', (mode) => {
    expect(resolvePhases([phase], mode, 'planned')[0]).toMatchObject({
      gate: oneGo,
      notBefore: 5,
      urgent: true,
    });
  });
  test('waits for nobody and for no time of day in a dry run', () => {
    const [dry] = resolvePhases([phase], 'dry-run', 'planned');
    expect(dry).not.toHaveProperty('gate');
    expect(dry).not.toHaveProperty('notBefore');
  });
});

describe('a proof', () => {
  const two = (provenBy: string): ResolvedTask | undefined =>
    findTask(
      resolvePhases(
        [
          { id: '0', title: 'p', urgent: false, tasks: [toyTask(world, { id: '00-a', provenBy })] },
          { id: '7', title: 'q', urgent: false, tasks: [] },
        ],
        'live',
        'planned',
      ),
      '00-a',
    );
  test('is due in its own phase unless the task says otherwise, or that phase is left out', () => {
    expect(resolve(same, 'live')).toMatchObject({ provenBy: '0' });
    expect(two('7')).toMatchObject({ provenBy: '7' });
    expect(two('8')).toMatchObject({ provenBy: '0' });
  });
  test('is of nothing where there is no such task', () => {
    expect(findTask([], '00-a')).toBeUndefined();
  });
});

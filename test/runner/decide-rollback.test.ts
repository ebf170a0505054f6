import { describe, expect, test } from '@jest/globals';
import { person } from '../../src/domain/names.js';
import type { StepBack } from '../../src/runbook/task.js';
import { checked, found, preparedOf, said, Told } from '../support/toy-decide.js';
import { abort, phase, started, task } from '../support/toy-entries.js';

/** The way back of a task, owed although nothing of the task was ever applied. */
const undoOf = (id: string): StepBack => {
  const { rollback } = task(id);
  if (!('check' in rollback)) throw new Error('a toy task is taken back by a step');
  return { ...rollback, owedOnce: 'reached' };
};

const phases = [
  phase('0', [task('00-a'), task('00-looks', { undo: undoOf('00-looks') }), task('00-c')]),
  phase('1', [task('01-d'), task('01-e')]),
  phase('2', [task('02-looks', { undo: undoOf('02-looks') })]),
];

const intoPhaseOne = () =>
  started(...phases)
    .through('00-a')
    .step('00-looks', 'check', checked())
    .step('00-looks', 'verify', found)
    .through('00-c')
    .tell({ kind: 'phase-ended', phase: '0' }, { kind: 'phase-started', phase: '1' });

describe('what is owed once it is reached', () => {
  test('is taken back without an apply, once all of later phases is, and before the rest of its own', () => {
    const told = intoPhaseOne().through('01-e').through('01-d').tell(abort);
    expect(told.entry).toEqual({
      kind: 'rollback-started',
      tasks: ['01-d', '01-e', '00-looks', '00-c', '00-a'],
    });
  });

  test('is checked first, and not applied where nothing is listed; it counts as taken back', () => {
    const told = intoPhaseOne().tell(abort, { kind: 'rollback-started', tasks: ['00-looks'] });
    expect(told.next).toEqual(['back: check 00-looks']);
    expect(told.step('00-looks', 'check', checked(), 'back').next).toEqual(['back: verify 00-looks']);
    told.step('00-looks', 'verify', found, 'back');
    expect(told.entry).toMatchObject({ result: 'ABORTED', counts: { 'taken-back': 1 } });
  });

  test('has its place among the applies where it was applied itself', () => {
    const told = started(...phases)
      .through('00-looks')
      .through('00-a')
      .tell(abort);
    expect(told.entry).toMatchObject({ tasks: ['00-a', '00-looks'] });
  });

  test('is owed although people left the task out', () => {
    const told = started(...phases).tell({
      kind: 'task-skipped',
      task: '00-looks',
      by: said('alice'),
      agreedBy: [person('bob')],
      reason: 'it does not answer',
    });
    expect(told.tell(abort).entry).toMatchObject({ tasks: ['00-looks'] });
  });

  test('is not owed in a live test that has nothing to take back', () => {
    const looks = task('00-looks', { undo: undoOf('00-looks') });
    const inLiveTest = { ...looks, rollback: { needless: 'nothing moves' } };
    const rehearsal = preparedOf([phase('0', [{ ...looks, inLiveTest }])], { mode: 'live-test' });
    expect(Told.started(rehearsal).tell(abort).entry).toMatchObject({ tasks: [] });
  });
});

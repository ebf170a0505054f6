import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { role } from '../../src/domain/names.js';
import { blocked, holds, notYet } from '../../src/runbook/finding.js';
import { applied, checked, found, lost, said } from '../support/toy-decide.js';
import { task, phase, started } from '../support/toy-entries.js';
import { toyManual, type ToyTask } from '../support/toy-runbook.js';

describe('tasks of a phase', () => {
  test('run side by side, each with check, apply and verify', () => {
    const told = started(phase('0', [task('00-a'), task('00-b')]));
    expect(told.next).toEqual(['check 00-a', 'check 00-b']);
    expect(told.step('00-a', 'check', checked('x')).next).toEqual(['apply 00-a', 'check 00-b']);
    expect(told.step('00-a', 'apply', applied).next).toEqual(['verify 00-a', 'check 00-b']);
    expect(told.step('00-a', 'verify', found).next).toEqual(['check 00-b']);
  });
  test('one step of each at a time', () => {
    const told = started(phase('0', [task('00-a')])).tell({
      kind: 'step-started',
      task: '00-a',
      step: 'check',
      direction: 'forward',
      round: 1,
      attempt: 1,
    });
    expect(told.next).toEqual([]);
  });
  test('where nothing is to be changed apply is left out', () => {
    expect(started(phase('0', [task('00-a')])).step('00-a', 'check', checked()).next).toEqual([
      'verify 00-a',
    ]);
  });
  test.each([
    ['applied', ['verify 00-a', 'check 00-b']],
    ['verified', ['verify 00-a']],
  ] as const)('that come after another once %s wait just that long', (once, expected) => {
    const told = started(phase('0', [task('00-a'), task('00-b', { after: [{ task: '00-a', once }] })]));
    expect(told.next).toEqual(['check 00-a']);
    told.step('00-a', 'check', checked('x'));
    expect(told.next).toEqual(['apply 00-a']);
    expect(told.step('00-a', 'apply', applied).next).toEqual(expected);
    expect(told.step('00-a', 'verify', found).next).toEqual(['check 00-b']);
  });
  test('that come after what a person does, once applied, wait for the word and not for its observation', () => {
    const manual = toyManual('00-m', () => Promise.resolve(holds()));
    const told = started(phase('0', [manual, task('00-b', { after: [{ task: '00-m', once: 'applied' }] })]));
    told.tell({ kind: 'task-asked', task: '00-m', direction: 'forward', of: role('dba'), what: 'do it' });
    expect(told.next).toEqual([]);
    const word = { kind: 'task-confirmed', task: '00-m', direction: 'forward', by: said('bob') } as const;
    expect(told.tell({ ...word, then: 'verify' }).next).toEqual(['verify 00-m', 'check 00-b']);
  });
  test('do not wait for a task that was left out of the run', () => {
    expect(started(phase('0', [task('00-b', { after: [{ task: '00-a', once: 'verified' }] })])).next).toEqual(
      ['check 00-b'],
    );
  });
  test('that are done in rounds are checked and applied anew in each, until they want no more', () => {
    const told = started(phase('0', [task('00-a', { rounds: 2 })]));
    told.step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);
    expect(told.next).toEqual(['check 00-a (2)']);
    told.step('00-a', 'check', checked('x'), 'forward', 2);
    expect(told.next).toEqual(['apply 00-a (2)']);
    expect(told.step('00-a', 'apply', applied, 'forward', 2).next).toEqual(['verify 00-a (2)']);
  });
});

describe('a proof that is due in a later phase', () => {
  const late = () =>
    started(
      phase('0', [task('00-a', { provenBy: '2' })]),
      phase('1', [task('01-b')]),
      phase('2', [task('02-c')]),
    );
  const applyIt = () => late().step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);

  test('lets its own phase end, and those on the way', () => {
    const told = applyIt();
    expect(told.next).toEqual(['phase-ended']);
    told.tell({ kind: 'phase-ended', phase: '0' }, { kind: 'phase-started', phase: '1' });
    expect(told.next).toEqual(['check 01-b']);
    expect(told.through('01-b').next).toEqual(['phase-ended']);
  });
  test('begins when everything in that phase has been applied, and that phase waits for it', () => {
    const told = applyIt().tell({ kind: 'phase-ended', phase: '0' }, { kind: 'phase-started', phase: '1' });
    told.through('01-b').tell({ kind: 'phase-ended', phase: '1' }, { kind: 'phase-started', phase: '2' });
    expect(told.next).toEqual(['check 02-c']);
    told.step('02-c', 'check', checked('y'));
    expect(told.next).toEqual(['apply 02-c']);
    told.step('02-c', 'apply', applied);
    expect(told.next).toEqual(['verify 00-a', 'verify 02-c']);
    expect(told.step('02-c', 'verify', found).next).toEqual(['verify 00-a']);
    expect(told.step('00-a', 'verify', found).next).toEqual(['phase-ended']);
  });
  test('is brought forward by a task that comes after it once verified', () => {
    const told = started(
      phase('0', [
        task('00-a', { provenBy: '1' }),
        task('00-b', { after: [{ task: '00-a', once: 'verified' }] }),
      ]),
      phase('1', []),
    );
    told.step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);
    expect(told.next).toEqual(['verify 00-a']);
    expect(told.step('00-a', 'verify', found).next).toEqual(['check 00-b']);
  });
  test('is due in its own phase where the later one is left out of the run', () => {
    const told = started(phase('0', [task('00-a', { provenBy: '2' })]));
    told.step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);
    expect(told.next).toEqual(['verify 00-a']);
  });
});

describe('looking again', () => {
  const one = () => started(phase('0', [task('00-a')]));
  const moving = { kind: 'found', finding: notYet([]) } as const;

  test('happens as often as the task’s patience says', () => {
    const told = one().step('00-a', 'check', checked()).step('00-a', 'verify', moving);
    expect(told.next).toEqual(['wait 100']);
    expect(told.later(99).next).toEqual(['wait 1']);
    expect(told.later(1).next).toEqual(['verify 00-a']);
  });
  test('happens at the instant that the finding names', () => {
    const told = one().step('00-a', 'check', checked());
    const until = instant(told.now + 600_000);
    told.step('00-a', 'verify', { kind: 'found', finding: notYet([], until) });
    expect(told.next).toEqual([`wait ${until - told.now}`]);
    expect(told.later(until - told.now).next).toEqual(['verify 00-a']);
    // A wait with a known end is not counted against the patience.
    expect(told.step('00-a', 'verify', moving).later(100).next).toEqual(['verify 00-a']);
  });
  test('ends with the patience: a person is needed', () => {
    const told = one().step('00-a', 'check', checked()).step('00-a', 'verify', moving);
    told
      .step('00-a', 'verify', moving)
      .step('00-a', 'verify', moving)
      .step('00-a', 'verify', moving)
      .later(100);
    expect(told.next).toEqual(['task-stuck 00-a']);
    expect(told.entry).toMatchObject({ because: 'still not so after 5 s' });
    expect(told.tell(told.entry).next).toEqual([]);
    told.tell({ kind: 'retry-asked', task: '00-a', by: said('alice') });
    expect(told.next).toEqual(['check 00-a']);
  });
  test('at a read that failed is the same', () => {
    const told = one().step('00-a', 'check', { kind: 'failed', because: 'no answer', retry: 'safe' });
    expect(told.next).toEqual(['wait 100']);
    expect(told.later(100).next).toEqual(['check 00-a']);
  });
  test('at an apply that fails again and again ends as well, however well the checks in between go', () => {
    const refused = { kind: 'failed', because: 'refused', retry: 'safe' } as const;
    const told = one().step('00-a', 'check', checked('x')).step('00-a', 'apply', refused).later(100);
    expect(told.next).toEqual(['check 00-a']);
    told.step('00-a', 'check', checked('x')).step('00-a', 'apply', refused).later(100);
    expect(told.entry).toMatchObject({ kind: 'task-stuck', because: 'still not so after 5 s: refused' });
  });
  test.each([
    ['a check that says no', 'check', { kind: 'checked', finding: blocked([]), before: null, changes: [] }],
    [
      'a failure that trying again does not mend',
      'check',
      { kind: 'failed', because: 'never', retry: 'never' },
    ],
  ] as const)('does not happen after %s', (_, step, outcome) => {
    expect(one().step('00-a', step, outcome).next).toEqual([]);
  });
});

describe('after an apply whose outcome is not known', () => {
  const unknown = (again: ToyTask['again']) =>
    started(phase('0', [task('00-a', again === undefined ? {} : { again })]))
      .step('00-a', 'check', checked('x', 'y'))
      .step('00-a', 'apply', lost);

  test.each(['safe', 'after-check', 'ask'] as const)('it is looked at first (%s)', (again) => {
    expect(unknown(again).next).toEqual(['check 00-a']);
  });
  test.each(['safe', 'after-check', 'ask'] as const)(
    'nothing is done again where it is done (%s)',
    (again) => {
      expect(unknown(again).step('00-a', 'check', checked()).next).toEqual(['verify 00-a']);
    },
  );
  test.each([
    ['safe', ['y'], ['apply 00-a']],
    ['safe', ['x', 'y'], ['apply 00-a']],
    ['after-check', ['y'], ['task-stuck 00-a']],
    ['after-check', ['x', 'y'], ['apply 00-a']],
    ['ask', ['y'], ['task-stuck 00-a']],
    ['ask', ['x', 'y'], ['task-stuck 00-a']],
  ] as const)('%s: the check still lists %j', (again, lists, expected) => {
    expect(unknown(again).step('00-a', 'check', checked(...lists)).next).toEqual(expected);
  });
  test('a person may have it done again', () => {
    const told = unknown('ask').step('00-a', 'check', checked('x'));
    told.tell(told.entry, { kind: 'retry-asked', task: '00-a', by: said('alice') });
    expect(told.step('00-a', 'check', checked('x')).next).toEqual(['apply 00-a']);
  });
  test('all of it is what that apply was given, not what a look before it listed', () => {
    const told = started(phase('0', [task('00-a', { again: 'after-check' })]));
    told.step('00-a', 'check', { kind: 'checked', finding: blocked([]), before: null, changes: [] });
    told.tell({ kind: 'retry-asked', task: '00-a', by: said('alice') });
    told.step('00-a', 'check', checked('x')).step('00-a', 'apply', lost).step('00-a', 'check', checked('x'));
    expect(told.next).toEqual(['apply 00-a']);
  });
});

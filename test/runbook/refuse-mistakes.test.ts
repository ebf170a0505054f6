import { describe, expect, test } from '@jest/globals';
import { role } from '../../src/domain/names.js';
import { holds } from '../../src/runbook/finding.js';
import { refuseMistakes } from '../../src/runbook/refuse-mistakes.js';
import type { Phase } from '../../src/runbook/runbook.js';
import { type ManualTask, type Task, defineTask } from '../../src/runbook/task.js';

const explain = { does: 'Does it.', checkByHand: 'Look.', wentWrongBefore: 'Nothing.' };

const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...defineTask<null, null>({
    id,
    title: id,
    explain,
    patience: { every: 1, upTo: 1 },
    again: 'safe',
    check: () => Promise.resolve({ finding: holds(), before: null, changes: [] }),
    apply: () => Promise.resolve(null),
    verify: () => Promise.resolve(holds()),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'nothing' },
  }),
  ...more,
});

const manual = (id: string, more: Partial<ManualTask> = {}): ManualTask => ({
  id,
  title: id,
  explain,
  assignedTo: role('dba'),
  salText: 'Phase 0',
  inLiveTest: 'same',
  inEmergency: 'same',
  rollback: { needless: 'nothing' },
  ...more,
});

const phase = (id: string, ...tasks: Phase['tasks']): Phase => ({ id, title: id, urgent: false, tasks });

/** A task as somebody makes it who goes around the types. */
const without = (from: Task, ...names: (keyof Task)[]): Task =>
  Object.fromEntries(
    Object.entries(from).filter(([name]) => !names.includes(name as keyof Task)),
  ) as unknown as Task;

test('a runbook without a mistake is not complained about', () => {
  const phases = [
    phase(
      '0',
      task('00-a'),
      task('00-b', { after: [{ task: '00-a', once: 'verified' }], provenBy: '1' }),
      manual('00-c'),
    ),
    phase('1'),
    phase('10', task('10-z')),
  ];
  const window = { opens: '00-a', closes: '10-z', budget: 1 };
  const pointOfNoReturn = { task: '10-z', because: 'so' };
  expect(refuseMistakes({ phases, window, pointOfNoReturn, roles: [role('dba')] })).toEqual([]);
});

describe('each mistake is named, with what would be right', () => {
  test.each<[string, Phase[], string[]]>([
    ['no verify', [phase('0', without(task('00-a'), 'verify'))], ['00-a has no verify']],
    [
      'no live-test answer',
      [phase('0', without(task('00-a'), 'inLiveTest'))],
      ["00-a has no live-test answer: inLiveTest is 'same', 'skip' or a step of its own"],
    ],
    [
      'a live-test answer without a proof',
      [
        phase(
          '0',
          task('00-a', { inLiveTest: { ...without(task('x'), 'verify'), rollback: { needless: 'n' } } }),
        ),
      ],
      ["00-a has no live-test answer: inLiveTest is 'same', 'skip' or a step of its own"],
    ],
    [
      'no emergency answer',
      [phase('0', without(task('00-a'), 'inEmergency'))],
      ["00-a has no emergency answer: inEmergency is 'same' or 'skip'"],
    ],
    [
      'no rollback',
      [phase('0', without(task('00-a'), 'rollback'))],
      ['00-a has no rollback: a step, needless or impossible, with the reason'],
    ],
    ['a task twice', [phase('0', task('00-a'), task('00-a'))], ['task 00-a is there twice']],
    ['a phase twice', [phase('0', task('00-a')), phase('0')], ['phase 0 is there twice']],
    [
      'after an unknown task',
      [
        phase(
          '0',
          task('00-reduce-ttl'),
          task('00-b', { after: [{ task: '00-reduce-tll', once: 'applied' }] }),
        ),
      ],
      ['00-b comes after 00-reduce-tll, but there is no such task in phase 0; did you mean 00-reduce-ttl?'],
    ],
    [
      'after a task of another phase',
      [phase('0', task('00-a')), phase('1', task('01-b', { after: [{ task: '00-a', once: 'applied' }] }))],
      [
        expect.stringContaining(
          '01-b comes after 00-a, but there is no such task in phase 1',
        ) as unknown as string,
      ],
    ],
    [
      'a circle',
      [
        phase(
          '0',
          task('00-a', { after: [{ task: '00-c', once: 'applied' }] }),
          task('00-b', { after: [{ task: '00-a', once: 'applied' }] }),
          manual('00-c', { after: [{ task: '00-b', once: 'verified' }] }),
        ),
      ],
      ['00-a waits for itself: its "after" goes round in a circle'],
    ],
    [
      'a circle that a task only leads to',
      [
        phase(
          '0',
          task('00-a', { after: [{ task: '00-b', once: 'applied' }] }),
          task('00-b', { after: [{ task: '00-c', once: 'applied' }] }),
          task('00-c', { after: [{ task: '00-b', once: 'applied' }] }),
        ),
      ],
      ['00-b waits for itself: its "after" goes round in a circle'],
    ],
    [
      'a task that waits for itself beside others',
      [phase('0', task('00-a'), task('00-b', { after: [{ task: '00-b', once: 'applied' }] }))],
      ['00-b waits for itself: its "after" goes round in a circle'],
    ],
    [
      'proven by an unknown phase',
      [phase('0', task('00-a', { provenBy: '11' })), phase('10')],
      ['00-a is proven by 11, but there is no such phase; did you mean 10?'],
    ],
    [
      'proven by an earlier phase',
      [phase('9'), phase('10', task('10-a', { provenBy: '9' }))],
      ['10-a is proven by phase 9, which is before its own, 10'],
    ],
    [
      'a prefix of another phase',
      [phase('4', task('03-pool-to'))],
      ['03-pool-to is in phase 4: it should be 04-pool-to'],
    ],
    ['no prefix', [phase('10', task('pool'))], ['pool is in phase 10: it should be 10-pool']],
    [
      'empty words',
      [phase('0', task('00-a', { explain: { does: ' ', checkByHand: '', wentWrongBefore: 'x' } }))],
      ['00-a: explain.does is empty', '00-a: explain.checkByHand is empty'],
    ],
    [
      'empty words in a live-test answer',
      [
        phase(
          '0',
          task('00-a', {
            inLiveTest: { ...task('x'), explain: { ...explain, does: '' }, rollback: { needless: 'n' } },
          }),
        ),
      ],
      ['00-a: explain.does is empty in its live-test answer'],
    ],
    ['an empty line for the log', [phase('0', manual('00-a', { salText: ' ' }))], ['00-a: salText is empty']],
  ])('%s', (_name, phases, mistakes) => {
    expect(refuseMistakes({ phases })).toEqual(mistakes);
  });

  test('a manual task for a role that nobody can have', () => {
    const phases = [phase('0', manual('00-a', { assignedTo: role('dab') }))];
    expect(refuseMistakes({ phases, roles: [role('dba'), role('traffic')] })).toEqual([
      '00-a is assigned to dab, but there is no such role; did you mean dba?',
    ]);
    expect(refuseMistakes({ phases })).toEqual([]);
  });

  test('a window or a point of no return at tasks that do not exist', () => {
    const phases = [phase('2', task('02-set-read-only'))];
    const window = { opens: '02-set-readonly', closes: '07', budget: 1 };
    expect(
      refuseMistakes({ phases, window, pointOfNoReturn: { task: '02-set-read-only', because: 'so' } }),
    ).toEqual([
      'the read-only window opens names 02-set-readonly, but there is no such task; did you mean 02-set-read-only?',
      'the read-only window closes names 07, but there is no such task',
    ]);
  });

  test('all mistakes at once', () => {
    const phases = [
      phase('0', without(task('01-a', { explain: { ...explain, does: '' } }), 'verify', 'inLiveTest')),
    ];
    expect(refuseMistakes({ phases })).toHaveLength(4);
  });
});

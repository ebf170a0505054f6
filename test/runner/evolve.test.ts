import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instant } from '../../src/domain/instant.js';
import { role } from '../../src/domain/names.js';
import { blocked, holds, notYet } from '../../src/runbook/finding.js';
import { ImpossibleState } from '../../src/domain/errors.js';
import type { Entry } from '../../src/runner/entry.js';
import { evolve, foldRun } from '../../src/runner/evolve.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { RunState } from '../../src/runner/run-state.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { applied, checked, found, lost, NOON, preparedOf, said, Told } from '../support/toy-decide.js';
import { oneGo, toyTask, ToyWorld } from '../support/toy-runbook.js';

const world = new ToyWorld(fastClock(instant(NOON)));
const told = (): Told =>
  Told.started(preparedOf([{ id: '0', title: 'p', urgent: false, tasks: [toyTask(world, { id: '00-a' })] }]));
const forward = (of: Told) => of.state.tasks['00-a']?.forward;
const before = (seen: string) =>
  ({
    kind: 'checked',
    finding: holds(),
    before: seen,
    changes: [{ object: 'x', from: seen, to: 'on' }],
  }) as const;

/** Frozen all the way down: a write to it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

const task = fc.constantFrom('00-a', '00-b');
const direction = fc.constantFrom('forward' as const, 'back' as const);
const step = fc.constantFrom('check' as const, 'apply' as const, 'verify' as const);
const at = { task, direction, step, round: fc.integer({ min: 1, max: 3 }), attempt: fc.nat(3) };
const finding = fc.constantFrom(holds(), blocked([]), notYet([]), { kind: 'assumed', evidence: [] } as const);
const outcome = fc.oneof(
  fc.record({
    kind: fc.constant('checked' as const),
    finding,
    before: fc.string(),
    changes: fc.constant([]),
  }),
  fc.constantFrom(checked('x'), applied, lost),
  fc.record({ kind: fc.constant('found' as const), finding }),
  fc.record({
    kind: fc.constant('failed' as const),
    because: fc.string(),
    retry: fc.constantFrom('safe', 'never'),
  }),
);
const gate = fc.constantFrom('g1', 'g2');
const entry = fc.oneof(
  fc.record({ kind: fc.constant('step-started'), ...at }),
  fc.record({ kind: fc.constant('step-ended'), ...at, outcome, took: fc.nat() }),
  fc.record({ kind: fc.constantFrom('retry-asked', 'task-skipped'), task, by: fc.constant(said('bob')) }),
  fc.record({ kind: fc.constant('task-confirmed'), task, direction, by: fc.constant(said('bob')) }),
  fc.record({
    kind: fc.constantFrom('task-asked', 'task-stuck'),
    task,
    direction,
    of: fc.constant(role('dba')),
  }),
  fc.record({
    kind: fc.constantFrom('task-passed-over', 'undo-passed-over'),
    task,
    because: fc.constant('live-test'),
  }),
  fc.record({ kind: fc.constantFrom('phase-started', 'phase-ended'), phase: fc.constantFrom('0', '1') }),
  fc.record({
    kind: fc.constant('gate-opened'),
    gate,
    for: fc.constantFrom({ kind: 'request' }, { kind: 'phase', phase: '0' }),
    policy: fc.constant(oneGo),
    digest: fc.constant('d'),
    expiresAt: fc.constant(NOON),
    asker: fc.constant('alice'),
  }),
  fc.record({
    kind: fc.constant('vote-cast'),
    gate,
    verdict: fc.constantFrom('go', 'nogo'),
    by: fc.constant(said('bob')),
  }),
  fc.record({ kind: fc.constant('gate-settled'), gate, verdict: fc.constantFrom('go', 'nogo', 'expired') }),
  fc.record({
    kind: fc.constantFrom(
      'run-held',
      'run-resumed',
      'abort-asked',
      'operator-changed',
      'run-started',
      'recovered',
    ),
    by: fc.constant(said('bob')),
  }),
  fc.record({
    kind: fc.constantFrom('lease-lost', 'locks-taken', 'locks-regained'),
    fences: fc.constant({ toy: 1 }),
  }),
  fc.record({
    kind: fc.constant('lock-taken-by-another'),
    lock: fc.constant('toy'),
    owner: fc.constant({ installation: 'another', run: 7 }),
  }),
  fc.record({ kind: fc.constant('rollback-started'), tasks: fc.constant(['00-a']) }),
  fc.record({ kind: fc.constant('alarm'), about: fc.string() }),
  fc.record({ kind: fc.constant('run-ended'), result: fc.constantFrom('PASS', 'FAIL', 'ABORTED') }),
);

describe('what a journal means', () => {
  test('is told of any entries in any order, and nothing that was known is changed by it', () => {
    const begin = told().recorded[0] as Recorded;
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        let state: RunState = frozen(evolve(undefined, frozen(begin)));
        entries.forEach((one, index) => {
          const recorded = { ...begin, seq: index + 2, entry: one as unknown as Entry };
          state = frozen(evolve(state, frozen(recorded)));
          expect(state.seq).toBe(index + 2);
        });
      }),
    );
  });
  test('begins with a request, and is nothing without entries', () => {
    const [request, start] = told().recorded as [Recorded, Recorded];
    expect(foldRun([])).toBeUndefined();
    expect(() => foldRun([start])).toThrow(ImpossibleState);
    expect(foldRun([request])).toMatchObject({ stage: 'requested', operator: 'alice', seq: 1 });
  });
});

describe('the rollback picture', () => {
  test('is what the first apply replaced, and is never replaced itself; a write compares with the newest', () => {
    const run = told().step('00-a', 'check', before('as it was')).step('00-a', 'apply', applied);
    run.step('00-a', 'verify', { kind: 'found', finding: blocked([]) });
    run
      .tell({ kind: 'retry-asked', task: '00-a', by: said('bob') })
      .step('00-a', 'check', before('half-way'));
    expect(forward(run)).toMatchObject({ before: 'as it was', newestBefore: 'half-way' });
  });
  test('is kept through an apply whose answer was lost', () => {
    const run = told().step('00-a', 'check', before('as it was')).step('00-a', 'apply', lost);
    expect(forward(run.step('00-a', 'check', before('half-way')))).toMatchObject({ before: 'as it was' });
  });
  test('is kept through further rounds', () => {
    const run = told().step('00-a', 'check', before('as it was')).step('00-a', 'apply', applied);
    run.step('00-a', 'check', before('warmer'), 'forward', 2);
    expect(forward(run)).toMatchObject({ before: 'as it was', newestBefore: 'warmer', round: 2 });
  });
  test('is not of a look that nothing was written after: what a person mended meanwhile stays mended', () => {
    const jammed = { kind: 'checked', finding: blocked([]), before: 'broken', changes: [] } as const;
    const run = told()
      .step('00-a', 'check', jammed)
      .tell({ kind: 'retry-asked', task: '00-a', by: said('bob') });
    expect(forward(run.step('00-a', 'check', before('mended')))).toMatchObject({ before: 'mended' });
  });
});

describe('when an apply took effect', () => {
  const started = (run: Told) =>
    run.recorded.find(({ entry: one }) => one.kind === 'step-started' && one.step === 'apply')?.at;

  test('is between its start and its end', () => {
    const run = told().step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);
    expect(forward(run)?.appliedAt).toEqual({ earliest: started(run), latest: run.now });
    expect(forward(run)).toMatchObject({ doneKnown: true, done: [1] });
  });
  test('is no later than the check that found it done, where its answer was lost', () => {
    const run = told().step('00-a', 'check', checked('x')).step('00-a', 'apply', lost).later(60_000);
    run.step('00-a', 'check', checked());
    expect(forward(run)?.appliedAt).toEqual({ earliest: started(run), latest: run.now });
    expect(forward(run)).toMatchObject({ doneKnown: false, done: [], stage: 'applied', applyUnknown: false });
  });
  test('is when it was seen, where there was nothing to apply', () => {
    const run = told().step('00-a', 'check', checked());
    expect(forward(run)?.appliedAt).toEqual({ earliest: run.now, latest: run.now });
  });
});

describe('a manual task that can be observed', () => {
  test('is observed again after retry, and not done again', () => {
    const run = told()
      .tell({ kind: 'task-asked', task: '00-a', direction: 'forward', of: role('dba'), what: 'do it' })
      .tell({ kind: 'task-confirmed', task: '00-a', direction: 'forward', by: said('bob'), then: 'verify' })
      .step('00-a', 'verify', { kind: 'found', finding: blocked([]) });
    expect(forward(run)?.stage).toBe('failed');
    expect(forward(run.tell({ kind: 'retry-asked', task: '00-a', by: said('bob') }))?.stage).toBe('applied');
    expect(run.step('00-a', 'verify', found).state.tasks['00-a']?.end).toBe('confirmed');
  });
});

describe('an abort and an end', () => {
  test('leave no gate open', () => {
    const gateOpened = {
      kind: 'gate-opened',
      gate: 'g1',
      for: { kind: 'phase', phase: '0' },
      policy: oneGo,
      digest: 'd',
      expiresAt: instant(NOON),
      asker: said('alice').person,
    } as const;
    const aborted = told().tell(gateOpened, { kind: 'abort-asked', by: said('alice'), reason: 'no' });
    expect(aborted.state.gates[0]?.settled).toMatchObject({
      verdict: 'expired',
      because: 'the run is aborted by alice',
    });
    expect(aborted.state.hold).toBeUndefined();
    const ended = told().tell(gateOpened, {
      kind: 'run-ended',
      result: 'PASS',
      because: '',
      counts: {} as never,
    });
    expect(ended.state.gates[0]?.settled).toMatchObject({ because: 'the run has ended' });
  });
});

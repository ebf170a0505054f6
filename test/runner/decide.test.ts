import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { role } from '../../src/domain/names.js';
import { blocked } from '../../src/runbook/finding.js';
import type { Entry } from '../../src/runner/entry.js';
import { applied, checked, found, NOON, preparedOf, said, Told, vote } from '../support/toy-decide.js';
import {
  task,
  phase,
  run,
  started,
  HALF_AN_HOUR,
  hold,
  resume,
  abort,
  requestGate,
  phaseGate,
  settled,
} from '../support/toy-entries.js';
import { oneGo, toyManual } from '../support/toy-runbook.js';

describe('a request', () => {
  const requested = () => new Told(run(phase('0', [task('00-a')])), oneGo);

  test('that needs no approval begins at once', () => {
    expect(new Told(run(phase('0', []))).next).toEqual(['begin']);
  });
  test('asks with a gate of its own, until its deadline from the request on', () => {
    expect(requested().entry).toMatchObject({
      kind: 'gate-opened',
      for: { kind: 'request' },
      asker: 'alice',
    });
    const told = requested().later(7_000);
    expect(told.entry).toMatchObject({ expiresAt: told.state.requestedAt + HALF_AN_HOUR });
  });
  test('waits for its votes, and for no longer than its deadline', () => {
    expect(requested().tell(requestGate).next).toEqual([`wait ${HALF_AN_HOUR - 2_000}`]);
  });
  test('settles with one GO from somebody else, and then begins', () => {
    const told = requested().tell(requestGate, vote('g1', 'bob', 'go'));
    expect(told.entry).toMatchObject({ kind: 'gate-settled', verdict: 'go', because: 'GO by bob' });
    expect(told.tell(told.entry).next).toEqual(['begin']);
  });
  test.each([
    ['of the one who asks', vote('g1', 'alice', 'go')],
    ['on another plan', vote('g1', 'bob', 'go', 'another')],
  ])('does not count a GO %s', (_, cast) => {
    expect(requested().tell(requestGate, cast).next).toEqual([expect.stringMatching(/^wait /)]);
  });
  test('goes on hold at a NOGO, and asks anew after resume', () => {
    const told = requested().tell(requestGate, {
      ...vote('g1', 'bob', 'nogo'),
      note: 's4 is behind',
    } as Entry);
    told.tell(told.entry);
    expect(told.state.hold).toMatchObject({ because: 'NOGO by bob: s4 is behind' });
    expect(told.next).toEqual([]);
    expect(told.tell(resume).next).toEqual(['open-gate request']);
    told.tell({ ...requestGate, gate: 'g2' }, vote('g2', 'bob', 'go'));
    expect(told.tell(told.entry).next).toEqual(['begin']);
  });
  test('on hold after a NOGO ends when it is withdrawn', () => {
    const told = requested().tell(requestGate, settled('g1', 'nogo'), abort);
    expect(told.entry).toMatchObject({ result: 'ABORTED', because: 'withdrawn by alice: no' });
  });
  test('goes on hold at its deadline, not a moment before', () => {
    const told = requested().tell(requestGate);
    const left = NOON + HALF_AN_HOUR - told.now;
    expect(told.later(left - 1).next).toEqual(['wait 1']);
    expect(told.later(1).entry).toMatchObject({ kind: 'gate-settled', verdict: 'expired' });
    expect(told.tell(told.entry).next).toEqual([]);
    expect(told.state.hold).toMatchObject({ because: expect.stringMatching(/^no answer in time/) });
  });
  test('asks again when the plan is another one, and the earlier GO says nothing there', () => {
    const told = requested().tell(requestGate, vote('g1', 'bob', 'go'), settled('g1', 'go'));
    told.tell({ ...requestGate, gate: 'g2', digest: 'e' });
    expect(told.next).toEqual([expect.stringMatching(/^wait /)]);
    expect(told.tell(vote('g2', 'bob', 'go', 'd')).next).toEqual([expect.stringMatching(/^wait /)]);
    expect(told.tell(vote('g2', 'bob', 'go', 'e')).entry).toMatchObject({ gate: 'g2', verdict: 'go' });
  });
  test('on hold does not begin, and begins after resume', () => {
    const told = requested().tell(requestGate, settled('g1', 'go'), hold);
    expect(told.next).toEqual([]);
    expect(told.tell(resume).next).toEqual(['begin']);
  });
  test('that was withdrawn ends, and its open gate asks nobody any more', () => {
    const told = requested().tell(requestGate, abort);
    expect(told.entry).toMatchObject({
      kind: 'run-ended',
      result: 'ABORTED',
      because: 'withdrawn by alice: no',
    });
    expect(told.state.gates.map((gate) => gate.settled?.verdict)).toEqual(['expired']);
  });
});

describe('a phase', () => {
  const gated = () =>
    started(phase('0', []), phase('1', [task('01-a')], { gate: oneGo })).tell({
      kind: 'phase-ended',
      phase: '0',
    });

  test('asks before its first task, and begins with GO alone', () => {
    const told = gated();
    expect(told.next).toEqual(['open-gate 1']);
    expect(told.tell(phaseGate('g1', '1')).next).toEqual([expect.stringMatching(/^wait /)]);
    told.tell(vote('g1', 'bob', 'go'));
    expect(told.entry).toMatchObject({ kind: 'gate-settled', verdict: 'go' });
    expect(told.tell(told.entry).next).toEqual(['phase-started']);
  });
  test.each(['nogo', 'expired'] as const)(
    'whose gate came out %s is on hold, and asks anew after resume',
    (verdict) => {
      const told = gated().tell(phaseGate('g1', '1'), settled('g1', verdict));
      expect(told.state.hold).toBeDefined();
      expect(told.next).toEqual([]);
      expect(told.tell(resume).next).toEqual(['open-gate 1']);
      told.tell(phaseGate('g2', '1'), vote('g2', 'bob', 'go'));
      expect(told.entry).toMatchObject({ gate: 'g2', verdict: 'go' });
    },
  );
  test('does not begin before its announced time', () => {
    const at = NOON + 60_000;
    const told = Told.started(
      run(phase('0', []), phase('1', [task('01-a')], { notBefore: instant(at) })),
    ).tell({ kind: 'phase-ended', phase: '0' });
    expect(told.next).toEqual([`wait ${at - told.now}`]);
    expect(told.later(at - told.now - 1).next).toEqual(['wait 1']);
    expect(told.later(1).next).toEqual(['phase-started']);
  });
  test('without tasks ends as soon as it has begun', () => {
    expect(started(phase('0', [])).next).toEqual(['phase-ended']);
  });
  test('after the last one the run ends', () => {
    const told = started(phase('0', [task('00-a')]))
      .through('00-a')
      .tell({ kind: 'phase-ended', phase: '0' });
    expect(told.entry).toMatchObject({ kind: 'run-ended', result: 'PASS', counts: { observed: 1 } });
    expect(told.tell(told.entry).next).toEqual([]);
  });
});

describe('on hold', () => {
  test('nothing begins; what was checked before is checked once more', () => {
    const told = started(phase('0', [task('00-a')]))
      .step('00-a', 'check', checked('x'))
      .tell(hold);
    expect(told.next).toEqual([]);
    expect(told.tell(resume).next).toEqual(['check 00-a']);
  });
  test('gates still close, at their deadline', () => {
    const told = started(phase('0', [], { gate: oneGo })).tell(phaseGate('g1', '0'), hold);
    expect(told.later(HALF_AN_HOUR).next).toEqual(['gate-settled']);
  });
});

describe('a lost lock', () => {
  const lose: Entry = { kind: 'lease-lost', lock: 'toy', because: 'late' };
  test('is had back before anything new begins, and then what was checked is checked again', () => {
    const told = started(phase('0', [task('00-a')]))
      .step('00-a', 'check', checked('x'))
      .tell(lose);
    expect(told.next).toEqual(['regain-locks']);
    expect(told.tell({ kind: 'locks-regained', fences: { toy: 2 } }).next).toEqual(['check 00-a']);
  });
  test('is had back on hold and on the way back too', () => {
    expect(started(phase('0', [task('00-a')])).tell(hold, lose).next).toEqual(['regain-locks']);
    expect(started(phase('0', [task('00-a')])).tell(abort, lose).next).toEqual(['regain-locks']);
  });
});

describe('a restart', () => {
  test('makes news of what was about to be applied', () => {
    const told = started(phase('0', [task('00-a')])).step('00-a', 'check', checked('x'));
    told.tell({ kind: 'recovered', gap: 1, agrees: true, evidence: [], urgent: false });
    expect(told.next).toEqual(['check 00-a']);
  });
});

describe('skipping', () => {
  const skipGate: Entry = {
    ...requestGate,
    for: { kind: 'skip', task: '00-a', reason: 'by hand', by: said('alice') },
  };
  const asked = () => started(phase('0', [task('00-a'), task('00-b')])).tell(skipGate);

  test('is asked beside the work', () => {
    expect(asked().next).toEqual([expect.stringMatching(/^wait /), 'check 00-a', 'check 00-b']);
  });
  test('happens with a second person’s GO, and says who counted', () => {
    const told = asked().tell(vote('g1', 'alice', 'go'), vote('g1', 'bob', 'go'));
    expect(told.tell(told.entry).entry).toMatchObject({
      kind: 'task-skipped',
      task: '00-a',
      reason: 'by hand',
      agreedBy: ['bob'],
    });
  });
  test('waits for a step that is under way', () => {
    const told = asked().tell(
      { kind: 'step-started', task: '00-a', step: 'check', direction: 'forward', round: 1, attempt: 1 },
      settled('g1', 'go'),
    );
    expect(told.next).toEqual(['check 00-b']);
  });
  test.each(['nogo', 'expired'] as const)('that came out %s changes nothing', (verdict) => {
    const told = asked().tell(settled('g1', verdict));
    expect(told.state.hold).toBeUndefined();
    expect(told.next).toEqual(['check 00-a', 'check 00-b']);
  });
  test('no longer happens once the run is aborted', () => {
    const told = asked().step('00-a', 'check', checked('x')).step('00-a', 'apply', applied);
    told.tell(settled('g1', 'go'), abort);
    expect(told.next).toEqual(['rollback-started']);
  });
  test('makes the end a FAIL that says by whom', () => {
    const told = started(phase('0', [task('00-a')])).tell(
      { kind: 'task-skipped', task: '00-a', by: said('alice'), agreedBy: [], reason: 'by hand' },
      { kind: 'phase-ended', phase: '0' },
    );
    expect(told.entry).toMatchObject({
      result: 'FAIL',
      because: 'incomplete: skipped 00-a by alice (by hand)',
    });
  });
});

describe('the way back', () => {
  const two = () =>
    started(phase('0', [task('00-a'), task('00-b'), task('00-c')]))
      .through('00-b')
      .step('00-a', 'check', checked('x'))
      .step('00-a', 'apply', applied);

  test('begins when nothing is under way', () => {
    const told = two().tell(
      { kind: 'step-started', task: '00-a', step: 'verify', direction: 'forward', round: 1, attempt: 1 },
      abort,
    );
    expect(told.next).toEqual([]);
  });
  test('is the reverse of the applies, one after the other, each checked and verified', () => {
    const told = two().tell(abort);
    expect(told.entry).toEqual({ kind: 'rollback-started', tasks: ['00-a', '00-b'] });
    expect(told.tell(told.entry).next).toEqual(['back: check 00-a']);
    told.step('00-a', 'check', checked('x'), 'back').step('00-a', 'apply', applied, 'back');
    expect(told.next).toEqual(['back: verify 00-a']);
    expect(told.step('00-a', 'verify', found, 'back').next).toEqual(['back: check 00-b']);
    told.step('00-b', 'check', checked(), 'back').step('00-b', 'verify', found, 'back');
    expect(told.entry).toMatchObject({ result: 'ABORTED', counts: { 'taken-back': 2, 'not-run': 1 } });
  });
  test('waits where a step is blocked, for retry or for a person’s word', () => {
    const told = two().tell(abort, { kind: 'rollback-started', tasks: ['00-a', '00-b'] });
    told.step('00-a', 'check', { kind: 'checked', finding: blocked([]), before: null, changes: [] }, 'back');
    expect(told.next).toEqual([]);
    const again = { kind: 'retry-asked', task: '00-a', by: said('alice') } as const;
    expect(told.tell(again).next).toEqual(['back: check 00-a']);
    told.tell({ kind: 'task-confirmed', task: '00-a', direction: 'back', by: said('alice') });
    expect(told.next).toEqual(['back: check 00-b']);
  });
  test('is not held up by a question that nobody answers any more', () => {
    const told = started(phase('0', [task('00-a')]), phase('1', [], { gate: oneGo })).through('00-a');
    told.tell({ kind: 'phase-ended', phase: '0' }, phaseGate('g1', '1'), abort);
    told.tell({ kind: 'rollback-started', tasks: ['00-a'] });
    expect(told.next).toEqual(['back: check 00-a']);
    expect(told.later(HALF_AN_HOUR).next).toEqual(['back: check 00-a']);
  });
  test.each([
    ['needless', { needless: 'nothing is left' }, true],
    ['impossible', { impossible: 'it is gone' }, false],
  ] as const)('passes over what is %s', (_, undo, possible) => {
    const told = started(phase('0', [task('00-a', { undo })])).through('00-a');
    told.tell(abort, { kind: 'rollback-started', tasks: ['00-a'] });
    expect(told.entry).toMatchObject({ kind: 'undo-passed-over', task: '00-a', possible });
    expect(told.tell(told.entry).next).toEqual(['run-ended']);
  });
  test('asks for what a person did', () => {
    const told = started(phase('0', [toyManual('00-m')])).tell(
      { kind: 'task-asked', task: '00-m', direction: 'forward', of: role('dba'), what: 'do it' },
      { kind: 'task-confirmed', task: '00-m', direction: 'forward', by: said('bob') },
      abort,
      { kind: 'rollback-started', tasks: ['00-m'] },
    );
    expect(told.entry).toMatchObject({ kind: 'task-asked', direction: 'back', what: 'take 00-m back' });
    expect(told.tell(told.entry).next).toEqual([]);
    told.tell({ kind: 'task-confirmed', task: '00-m', direction: 'back', by: said('bob') });
    expect(told.entry).toMatchObject({ result: 'ABORTED', counts: { 'taken-back': 1 } });
  });
});

describe('alarms', () => {
  const windowed = preparedOf([phase('0', [task('00-a')]), phase('1', [task('01-b')])], {
    window: { opens: '00-a', closes: '01-b', budget: 60_000 },
    usually: { '00-a': 5_000 },
  });

  test('are raised once: for a task slower than three in four of its history', () => {
    const told = Told.started(windowed).step('00-a', 'check', checked('x'));
    expect(told.next).toEqual(['wait 4001', 'apply 00-a']);
    told.later(4_001);
    expect(told.entry).toMatchObject({ kind: 'alarm', about: 'slow/00-a' });
    expect(told.tell(told.entry).later(60_000).next).toEqual(['apply 00-a']);
  });
  test('are raised once: for the read-only clock past its budget', () => {
    const told = Told.started({ ...windowed, usually: {} }).through('00-a');
    const opened = told.state.tasks['00-a']?.forward.applyStarted ?? 0;
    expect(told.next).toEqual([`wait ${opened + 60_001 - told.now}`, 'phase-ended']);
    told.later(opened + 60_001 - told.now);
    expect(told.entry).toMatchObject({ kind: 'alarm', about: 'read-only-budget' });
    expect(told.tell(told.entry).later(600_000).next).toEqual(['phase-ended']);
  });
  test('are not raised once editing is possible again', () => {
    const told = Told.started({ ...windowed, usually: {} }).through('00-a');
    told.tell({ kind: 'phase-ended', phase: '0' }, { kind: 'phase-started', phase: '1' }).through('01-b');
    expect(told.later(600_000).next).toEqual(['phase-ended']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { role } from '../../src/domain/names.js';
import { blocked, holds } from '../../src/runbook/finding.js';
import type { Entry } from '../../src/runner/entry.js';
import {
  abortOrder,
  type Caller,
  confirmOrder,
  holdOrder,
  type Order,
  resumeOrder,
  retryOrder,
  skipOrder,
  takeOrder,
  voteOrder,
} from '../../src/runner/orders.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { applied, checked, found, NOON, preparedOf, said, Told } from '../support/toy-decide.js';
import { caller } from '../support/toy-house.js';
import { noApproval, oneGo, toyManual, toyTask, ToyWorld } from '../support/toy-runbook.js';

const world = new ToyWorld(fastClock(instant(NOON)));
const run = preparedOf(
  [
    {
      id: '0',
      title: 'preparation',
      urgent: false,
      tasks: [toyTask(world, { id: '00-reduce-ttl' }), toyTask(world, { id: '00-warm-up' })],
    },
    { id: '2', title: 'read-only', urgent: true, tasks: [toyTask(world, { id: '02-set-read-only' })] },
    {
      id: '9',
      title: 'after',
      urgent: false,
      tasks: [toyManual('09-update-dns', () => Promise.resolve(holds()))],
    },
  ],
  { pointOfNoReturn: { task: '02-set-read-only', because: 'It is done.' } },
);
const alice = caller('alice', 'operator', 'approver');
const bob = caller('bob', 'approver', 'dba');
const eve = caller('eve', 'visitor');

const give = (told: Told, order: Order, by: Caller) =>
  order({ run, state: told.state, caller: by, now: told.now });
/** `because → needed`, or what became of it. */
const answer = (told: Told, order: Order, by: Caller): string => {
  const result = give(told, order, by);
  return result.ok ? result.value.kind : `${result.refusal.because} → ${result.refusal.needed}`;
};

const started = () => Told.started(run);
const opened = (gate: string, parts: Partial<Entry & { kind: 'gate-opened' }> = {}): Entry => ({
  kind: 'gate-opened',
  gate,
  for: { kind: 'request' },
  policy: oneGo,
  digest: 'd',
  expiresAt: instant(NOON + 60_000),
  asker: said('alice').person,
  ...parts,
});
const phaseGate = (gate: string) => opened(gate, { for: { kind: 'phase', phase: '2' } });
const skipGate = opened('g1', {
  for: { kind: 'skip', task: '00-warm-up', reason: 'late', by: said('alice') },
});
const ended = () => started().tell({ kind: 'run-ended', result: 'PASS', because: '', counts: {} as never });
const failed = (told: Told, task: string) =>
  told.step(task, 'check', { kind: 'checked', finding: blocked([]), before: null, changes: [] });
const aborted = () =>
  started()
    .through('00-reduce-ttl')
    .tell(
      { kind: 'abort-asked', by: said('alice'), reason: 'no' },
      { kind: 'rollback-started', tasks: ['00-reduce-ttl'] },
    );
const asked = (direction: 'forward' | 'back' = 'forward'): Entry => ({
  kind: 'task-asked',
  task: '09-update-dns',
  direction,
  of: role('dba'),
  what: 'do it',
});

describe('a vote', () => {
  test('of somebody else with the role becomes an entry that names gate, person, place, roles and plan', () => {
    expect(
      give(new Told(run, oneGo).tell(opened('g1')), voteOrder('go', 'request', undefined, 'fine'), bob),
    ).toEqual({
      ok: true,
      value: {
        kind: 'vote-cast',
        gate: 'g1',
        by: bob.said,
        roles: bob.roles,
        verdict: 'go',
        digest: 'd',
        note: 'fine',
      },
    });
  });
  test.each<[string, () => Told, Order, Caller, string]>([
    [
      'of the asker',
      () => new Told(run, oneGo).tell(opened('g1')),
      voteOrder('go', 'request'),
      alice,
      'you asked for this yourself, so your own answer does not count → 1 GO from anyone with the role approver',
    ],
    [
      'of the asker against it',
      () => started().tell(phaseGate('g1')),
      voteOrder('nogo', 'gate'),
      alice,
      'you asked for this yourself, so your own answer does not count → 1 GO from anyone with the role approver; to stop it yourself use `hold` or `abort`',
    ],
    [
      'without the role',
      () => new Told(run, oneGo).tell(opened('g1')),
      voteOrder('go', 'request'),
      eve,
      'eve may not answer here → 1 GO from anyone with the role approver',
    ],
    [
      'where nobody may answer',
      () => started().tell({ ...phaseGate('g1'), policy: { ...noApproval, approvals: 1 } } as Entry),
      voteOrder('go', 'gate'),
      bob,
      'bob may not answer here → 1 GO from somebody else',
    ],
    [
      'with nothing to answer',
      started,
      voteOrder('go', 'gate'),
      bob,
      'run 1 has no open gate → `why` tells what the run waits for',
    ],
    [
      'to the request by the words of a gate',
      () => new Told(run, oneGo).tell(opened('g1')),
      voteOrder('go', 'gate'),
      bob,
      'run 1 has no open gate → `approve` or `deny` answers the request',
    ],
    [
      'to a gate by the words of the request',
      () => started().tell(phaseGate('g1')),
      voteOrder('go', 'request'),
      bob,
      'run 1 has no open request → `go` or `nogo` answers GO/NOGO for phase 2',
    ],
    [
      'where two gates are open and none is named',
      () => started().tell(skipGate, phaseGate('g2')),
      voteOrder('go', 'gate'),
      bob,
      '2 gates are open → name the one you mean: g1 (skipping 00-warm-up) or g2 (GO/NOGO for phase 2)',
    ],
    [
      'to a gate that is not open',
      () => started().tell(phaseGate('g1')),
      voteOrder('go', 'gate', 'g7'),
      bob,
      'g7 is not open → one of g1 (GO/NOGO for phase 2)',
    ],
    [
      'in a run that has ended with a gate still open',
      () => started().tell(skipGate, { kind: 'run-ended', result: 'PASS', because: '', counts: {} as never }),
      voteOrder('go', 'gate'),
      bob,
      'run 1 has ended (PASS) → `report 1` shows it; `start` asks for a new one',
    ],
  ])('%s is refused, and says what is needed', (_, told, order, by, expected) => {
    expect(answer(told(), order, by)).toBe(expected);
  });
});

describe('an order', () => {
  test.each<[string, () => Told, Order, Caller]>([
    ['run-held', started, holdOrder('wait'), alice],
    ['run-resumed', () => started().tell({ kind: 'run-held', because: 'so' }), resumeOrder(), bob],
    ['retry-asked', () => failed(started(), '00-warm-up'), retryOrder(), alice],
    ['retry-asked', () => failed(started(), '00-warm-up'), retryOrder('warm-up'), alice],
    ['abort-asked', started, abortOrder('no'), alice],
    ['abort-asked', () => new Told(run, oneGo), abortOrder('no'), alice],
    ['gate-opened', started, skipOrder('00-warm-up', 'late', oneGo), alice],
    ['task-confirmed', () => started().tell(asked()), confirmOrder('update-dns'), bob],
    ['task-confirmed', () => started().tell(asked()), confirmOrder('09-update-dns'), alice],
    [
      'task-confirmed',
      () =>
        aborted().step(
          '00-reduce-ttl',
          'check',
          { kind: 'checked', finding: blocked([]), before: null, changes: [] },
          'back',
        ),
      confirmOrder('00-reduce-ttl'),
      alice,
    ],
    ['operator-changed', started, takeOrder(), bob],
  ])('becomes one entry: %s', (kind, told, order, by) => {
    expect(answer(told(), order, by)).toBe(kind);
  });

  test.each<[string, () => Told, Order, Caller, string]>([
    [
      'hold twice',
      () => started().tell({ kind: 'run-held', because: 'so' }),
      holdOrder('wait'),
      alice,
      'run 1 is on hold already: so → `resume` to go on',
    ],
    [
      'resume what goes on',
      started,
      resumeOrder(),
      alice,
      'run 1 is not on hold → `why` tells what it waits for',
    ],
    [
      'retry with nothing failed',
      started,
      retryOrder(),
      alice,
      'no task has failed → `why` tells what the run waits for',
    ],
    [
      'retry one of several without a name',
      () => failed(failed(started(), '00-warm-up'), '00-reduce-ttl'),
      retryOrder(),
      alice,
      'several tasks wait for this → `retry TASK`: 00-warm-up or 00-reduce-ttl',
    ],
    [
      'retry what has not failed',
      () => failed(started(), '00-warm-up'),
      retryOrder('00-reduce-ttl'),
      alice,
      '00-reduce-ttl has not failed → 00-warm-up',
    ],
    [
      'retry what nobody knows',
      started,
      retryOrder('00-reduce-tll'),
      alice,
      'no task is called 00-reduce-tll → did you mean 00-reduce-ttl?',
    ],
    [
      'skip what nobody knows',
      started,
      skipOrder('warm-upp', 'x', oneGo),
      alice,
      'no task is called warm-upp → did you mean warm-up?',
    ],
    [
      'confirm what is like nothing',
      started,
      confirmOrder('qqqqqqqqqqqq'),
      alice,
      'no task is called qqqqqqqqqqqq → `plan` lists the tasks',
    ],
    [
      'skip before the start',
      () => new Told(run, oneGo),
      skipOrder('00-warm-up', 'x', oneGo),
      alice,
      'the run has not started → approvals first; `why` tells which',
    ],
    [
      'skip in the read-only window',
      started,
      skipOrder('02-set-read-only', 'x', oneGo),
      alice,
      '02-set-read-only is part of the read-only window (phases 2 to 7), where nothing may be left out → `retry` it, or `abort` to roll back',
    ],
    [
      'skip what is through',
      () => started().through('00-warm-up'),
      skipOrder('00-warm-up', 'x', oneGo),
      alice,
      '00-warm-up is through already → `status` tells what is left',
    ],
    [
      'skip twice',
      () => started().tell(skipGate),
      skipOrder('00-warm-up', 'x', oneGo),
      bob,
      'skipping 00-warm-up was asked by alice already (g1) → 1 GO from anyone with the role approver',
    ],
    [
      'skip on the way back',
      aborted,
      skipOrder('00-warm-up', 'x', oneGo),
      alice,
      'the run is being rolled back → `retry` the step, or confirm it by name with `done`',
    ],
    [
      'abort twice',
      aborted,
      abortOrder('x'),
      bob,
      'run 1 is being aborted already, by alice → `status` shows how far it is',
    ],
    [
      'abort after the point of no return',
      () =>
        started().step('02-set-read-only', 'check', checked('x')).step('02-set-read-only', 'apply', applied),
      abortOrder('x'),
      alice,
      '02-set-read-only has begun: only forward is possible. It is done. → `retry` what failed, or `hold` to pause',
    ],
    [
      'confirm what does not wait',
      started,
      confirmOrder('09-update-dns'),
      alice,
      '09-update-dns does not wait for a person → `why` tells what the run waits for',
    ],
    [
      'confirm another than the one that waits',
      () => started().tell(asked()),
      confirmOrder('00-warm-up'),
      alice,
      '00-warm-up does not wait for a person → it waits for `done 09-update-dns`',
    ],
    [
      'confirm without the role',
      () => started().tell(asked()),
      confirmOrder('09-update-dns'),
      eve,
      "eve may not confirm 09-update-dns → the run's operator (alice) or anyone with the role dba",
    ],
    [
      'confirm forwards what is taken back',
      () =>
        started().tell(
          asked(),
          { kind: 'abort-asked', by: said('alice'), reason: 'no' },
          { kind: 'rollback-started', tasks: [] },
        ),
      confirmOrder('09-update-dns'),
      alice,
      '09-update-dns does not wait for a person → `why` tells what the run waits for',
    ],
    ['take what is one’s own', started, takeOrder(), alice, 'run 1 is yours already → nothing'],
  ])('to %s is refused, and says what is needed', (_, told, order, by, expected) => {
    expect(answer(told(), order, by)).toBe(expected);
  });

  test.each<[string, Order]>([
    ['hold', holdOrder('x')],
    ['resume', resumeOrder()],
    ['retry', retryOrder()],
    ['skip', skipOrder('00-warm-up', 'x', oneGo)],
    ['abort', abortOrder('x')],
    ['done', confirmOrder('09-update-dns')],
    ['take', takeOrder()],
  ])('to %s a run that has ended is refused', (_, order) => {
    expect(answer(ended(), order, alice)).toBe(
      'run 1 has ended (PASS) → `report 1` shows it; `start` asks for a new one',
    );
  });

  test('to confirm what can be observed leaves the observation to be made', () => {
    expect(give(started().tell(asked()), confirmOrder('09-update-dns', 'by hand'), bob)).toMatchObject({
      value: { then: 'verify', note: 'by hand', direction: 'forward' },
    });
    const told = started()
      .tell(asked())
      .tell({
        kind: 'task-confirmed',
        task: '09-update-dns',
        direction: 'forward',
        by: said('bob'),
        then: 'verify',
      });
    expect(told.state.tasks['09-update-dns']?.end).toBeUndefined();
    expect(told.step('09-update-dns', 'verify', found).state.tasks['09-update-dns']?.end).toBe('confirmed');
  });
  test('to skip asks a second person, until its deadline', () => {
    const told = started();
    expect(give(told, skipOrder('warm-up', 'late', oneGo), alice)).toMatchObject({
      value: {
        gate: 'g1',
        asker: 'alice',
        for: { task: '00-warm-up', reason: 'late' },
        expiresAt: told.now + oneGo.expiresAfter,
      },
    });
  });
});

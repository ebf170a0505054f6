import { describe, expect, it } from '@jest/globals';
import { person } from '../../src/domain/names.js';
import { holds, notYet } from '../../src/runbook/finding.js';
import { CLOSES, MANUAL, OPENS, ToldRun, allLines, by, linesAfter } from './told-run.js';

describe('the lines of a run', () => {
  it('tell a whole switchover in the form that people know', () => {
    const told = new ToldRun()
      .gate('1', { kind: 'request' })
      .add({ kind: 'vote-cast', gate: '1', by: by('bob'), roles: [], verdict: 'go', digest: 'abc' })
      .add({ kind: 'gate-settled', gate: '1', verdict: 'go', because: 'bob and carol said GO' })
      .add({ kind: 'locks-taken', fences: { mediawiki: 1 } })
      .add({ kind: 'run-started', digest: 'abc' })
      .add({ kind: 'phase-started', phase: '2' })
      .acted(OPENS)
      .add({ kind: 'phase-ended', phase: '2' })
      .add({ kind: 'phase-started', phase: '7' })
      .later(100)
      .acted(CLOSES)
      .add({ kind: 'phase-ended', phase: '7' })
      .end('PASS', { observed: 2, confirmed: 1 }, 'every task was observed');
    expect(allLines(told).map(({ author, text }) => `<${author}> ${text}`)).toEqual([
      '<alice> REQUEST - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41): needs 2 approvals: half-yearly switchover',
      '<bob> GO by bob - switchdc mediawiki request (run 41)',
      '<alice> GATE PASSED - switchdc mediawiki request: bob and carol said GO (run 41)',
      '<alice> START - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41)',
      '<alice> START - switchdc mediawiki 02-set-read-only (run 41)',
      '<alice> MediaWiki read-only period starts at: 2026-03-25T14:00:09.000Z',
      '<alice> END (PASS) - switchdc mediawiki 02-set-read-only: observed after 5 s (run 41)',
      '<alice> END - switchdc mediawiki phase 2 (Read-only) after 7 s: 1 observed (run 41)',
      '<alice> START - switchdc mediawiki 07-set-read-write (run 41)',
      '<alice> END (PASS) - switchdc mediawiki 07-set-read-write: observed after 5 s (run 41)',
      '<alice> MediaWiki read-only period ends at: 2026-03-25T14:02:00.000Z',
      '<alice> END - switchdc mediawiki phase 7 (Read-write) after 1 min 47 s: 1 observed (run 41)',
      '<alice> END (PASS) - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41): 2 observed, 1 confirmed',
    ]);
  });

  it('say nothing of a dry run: it writes nothing anywhere', () => {
    const told = new ToldRun('dry-run')
      .add({ kind: 'run-started', digest: 'abc' })
      .acted(OPENS)
      .acted(CLOSES);
    expect(allLines(told.end('PASS', { shown: 2 }))).toEqual([]);
  });

  it('mark every line of a live test, the read-only period among them', () => {
    const told = new ToldRun('live-test')
      .add({ kind: 'run-started', digest: 'abc' })
      .acted(OPENS)
      .acted(CLOSES);
    const lines = allLines(told.end('PASS', { observed: 2 })).map(({ text }) => text);
    expect(lines).toContain(
      '[NON-PRIMARY-DC] MediaWiki read-only period starts at: 2026-03-25T14:00:04.000Z',
    );
    expect(lines).toHaveLength(9);
    expect(lines.filter((line) => !line.startsWith('[NON-PRIMARY-DC] '))).toEqual([]);
  });
});

describe('the lines of a task', () => {
  it('leave out START for one that found nothing to write', () => {
    expect(
      linesAfter((told) => told.checked('00-reduce-ttl', holds(), 'forward', 0).verified('00-reduce-ttl')),
    ).toEqual(['END (PASS) - switchdc mediawiki 00-reduce-ttl: observed after 3 s (run 41)']);
  });

  it('do not repeat what is looked at again and again', () => {
    const lines = linesAfter((told) =>
      told
        .checked('00-reduce-ttl')
        .applied('00-reduce-ttl')
        .verified('00-reduce-ttl', notYet([]))
        .verified('00-reduce-ttl', notYet([])),
    );
    expect(lines).toEqual(['START - switchdc mediawiki 00-reduce-ttl (run 41)']);
  });

  it('tell a warning that stopped nothing', () => {
    const evidence = [{ about: 's4 replication', seen: 'stopped', expected: 'running', warning: true }];
    expect(linesAfter((told) => told.acted('00-reduce-ttl', 'forward', evidence)).at(-1)).toBe(
      'END (PASS) - switchdc mediawiki 00-reduce-ttl: observed after 5 s; warning: s4 replication: stopped, expected running (run 41)',
    );
  });

  it('tell what was wrong, once for each time that it failed', () => {
    const evidence = [
      { about: 's1.eqiad access', seen: 'read-only', expected: 'read-only' },
      { about: 's4.eqiad access', seen: 'read-write', expected: 'read-only' },
    ];
    const failed =
      'END (FAIL) - switchdc mediawiki 00-warm-up: the check says no: s4.eqiad access: read-write, expected read-only (run 41)';
    const lines = linesAfter((told) =>
      told
        .blockedBy('00-warm-up', evidence)
        .add({ kind: 'retry-asked', task: '00-warm-up', by: by('alice') })
        .blockedBy('00-warm-up', evidence),
    );
    expect(lines).toEqual([failed, 'RETRY - switchdc mediawiki 00-warm-up, asked by alice (run 41)', failed]);
  });

  it('tell a few of many wrong servers, and how many there are', () => {
    const evidence = Array.from({ length: 40 }, (_, n) => ({
      about: `mw${n}`,
      seen: 'stale',
      expected: 'fresh',
    }));
    expect(linesAfter((told) => told.blockedBy('00-warm-up', evidence))).toEqual([
      'END (FAIL) - switchdc mediawiki 00-warm-up: the check says no: mw0: stale, expected fresh; mw1: stale, expected fresh; ' +
        'mw2: stale, expected fresh; mw3: stale, expected fresh; mw4: stale, expected fresh; and 35 more (run 41)',
    ]);
  });

  it('tell that patience has ended', () => {
    const stuck = {
      kind: 'task-stuck',
      task: '00-warm-up',
      direction: 'forward',
      because: 'still not so after 5 min',
    } as const;
    expect(linesAfter((told) => told.checked('00-warm-up', notYet([])).add(stuck))).toEqual([
      'END (FAIL) - switchdc mediawiki 00-warm-up: still not so after 5 min (run 41)',
    ]);
  });

  it('tell a write whose answer was lost', () => {
    const lines = linesAfter((told) =>
      told.checked('00-warm-up').applied('00-warm-up', { kind: 'unknown', because: 'the process ended' }),
    );
    expect(lines).toEqual([
      'START - switchdc mediawiki 00-warm-up (run 41)',
      'UNKNOWN - switchdc mediawiki 00-warm-up: whether its write had its effect (run 41)',
    ]);
  });

  it('are the prescribed text and the name of who confirmed, for a manual task', () => {
    const told = new ToldRun()
      .add({ kind: 'task-asked', task: MANUAL, direction: 'forward', of: 'dba' as never, what: 'update' })
      .later(179)
      .add({ kind: 'task-confirmed', task: MANUAL, direction: 'forward', by: by('dave') });
    expect(allLines(told).at(-1)).toEqual({
      author: 'dave',
      text: 'Phase 9.5 Update DNS records for new database masters - confirmed by dave after 3 min (run 41)',
    });
  });

  it('wait with a manual task that is still to be observed', () => {
    const confirmed = {
      kind: 'task-confirmed',
      task: MANUAL,
      direction: 'forward',
      by: by('dave'),
      then: 'verify',
    } as const;
    expect(linesAfter((told) => told.add(confirmed))).toEqual([]);
    expect(linesAfter((told) => told.add(confirmed).verified(MANUAL))).toEqual([
      expect.stringMatching(/^Phase 9\.5 Update DNS .* - confirmed by dave/),
    ]);
  });

  it('tell who skipped one, who agreed, and why', () => {
    const skipped = {
      kind: 'task-skipped',
      task: '00-warm-up',
      by: by('alice'),
      agreedBy: [person('bob'), person('carol')],
      reason: 'warm already',
    } as const;
    expect(linesAfter((told) => told.add(skipped))).toEqual([
      'END (NOTRUN) - switchdc mediawiki 00-warm-up: skipped by alice, agreed by bob and carol: warm already (run 41)',
    ]);
  });

  it('do not tell a failure twice when the task is skipped because of it', () => {
    const stuck = {
      kind: 'task-stuck',
      task: '00-warm-up',
      direction: 'forward',
      because: 'still not so',
    } as const;
    const skipped = {
      kind: 'task-skipped',
      task: '00-warm-up',
      by: by('alice'),
      agreedBy: [],
      reason: 'warm',
    } as const;
    expect(linesAfter((told) => told.add(stuck, skipped))).toEqual([
      'END (FAIL) - switchdc mediawiki 00-warm-up: still not so (run 41)',
      'END (NOTRUN) - switchdc mediawiki 00-warm-up: skipped by alice: warm (run 41)',
    ]);
  });

  it('tell what a live test and an emergency leave out', () => {
    expect(
      linesAfter((told) => told.add({ kind: 'task-passed-over', task: '00-warm-up', because: 'live-test' })),
    ).toEqual(['END (NOTRUN) - switchdc mediawiki 00-warm-up: left out of a live test (run 41)']);
    expect(
      linesAfter((told) => told.add({ kind: 'task-passed-over', task: '00-warm-up', because: 'emergency' })),
    ).toEqual(['END (NOTRUN) - switchdc mediawiki 00-warm-up: left out in an emergency (run 41)']);
  });

  it('are counted when their phase ends, those skipped and those still to be proven too', () => {
    const lines = linesAfter((told) =>
      told
        .add({ kind: 'phase-started', phase: '0' })
        .acted('00-reduce-ttl')
        .add({ kind: 'phase-ended', phase: '0' })
        .add({ kind: 'phase-started', phase: '5' }, { kind: 'phase-ended', phase: '5' }),
    );
    expect(lines.slice(-2)).toEqual([
      'END - switchdc mediawiki phase 0 (Preparation) after 7 s: 1 observed, 1 to be proven later (run 41)',
      'END - switchdc mediawiki phase 5 (Deprecated) after 1 s: no tasks (run 41)',
    ]);
  });
});

describe('the lines of what people and failures do to a run', () => {
  it('name who said GO or NOGO to what, with their words', () => {
    const lines = linesAfter((told) =>
      told
        .gate('2', { kind: 'phase', phase: '2' })
        .add({
          kind: 'vote-cast',
          gate: '2',
          by: by('bob'),
          roles: [],
          verdict: 'nogo',
          digest: 'abc',
          note: 'wait for s4',
        })
        .add({ kind: 'gate-settled', gate: '2', verdict: 'nogo', because: 'bob said NOGO' })
        .gate('3', { kind: 'phase', phase: '2' }, 2)
        .gate('3/skip', { kind: 'skip', task: '00-warm-up', reason: 'warm', by: by('alice') })
        .add({ kind: 'vote-cast', gate: '3/skip', by: by('carol'), roles: [], verdict: 'go', digest: 'abc' })
        .add({ kind: 'gate-settled', gate: '3', verdict: 'expired', because: 'nobody answered' }),
    );
    expect(lines).toEqual([
      'NOGO by bob - switchdc mediawiki phase 2 (Read-only) (run 41): wait for s4',
      'GATE REFUSED - switchdc mediawiki phase 2 (Read-only): bob said NOGO (run 41)',
      'The plan changed in 2 places, earlier votes have lapsed - switchdc mediawiki phase 2 (Read-only) (run 41)',
      'GO by carol - switchdc mediawiki skip of 00-warm-up (run 41)',
      'GATE EXPIRED - switchdc mediawiki phase 2 (Read-only): nobody answered (run 41)',
    ]);
  });

  it('tell holds, resumes, new operators and aborts with names', () => {
    const told = new ToldRun()
      .add({ kind: 'run-held', because: 'the lock is lost' })
      .add({ kind: 'run-held', because: 'asked', by: by('bob') })
      .add({ kind: 'run-resumed', by: by('bob') })
      .add({ kind: 'operator-changed', to: person('carol'), by: by('bob') })
      .add({ kind: 'alarm', about: 'slow', text: '00-warm-up takes long' })
      .add({ kind: 'abort-asked', by: by('carol'), reason: 's4 is broken' })
      .end('ABORTED', { 'not-run': 6 }, 'aborted by carol: s4 is broken');
    expect(allLines(told).slice(1)).toEqual([
      { author: 'alice', text: 'HOLD - switchdc mediawiki (run 41): the lock is lost' },
      { author: 'bob', text: 'HOLD - switchdc mediawiki (run 41) by bob: asked' },
      { author: 'bob', text: 'RESUME - switchdc mediawiki (run 41) by bob' },
      { author: 'bob', text: 'OPERATOR - switchdc mediawiki (run 41): carol takes over' },
      { author: 'carol', text: 'ALARM - switchdc mediawiki (run 41): 00-warm-up takes long' },
      { author: 'carol', text: 'ABORT - switchdc mediawiki (run 41) asked by carol: s4 is broken' },
      {
        author: 'carol',
        text:
          'END (ABORTED) - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41): ' +
          '6 not-run: aborted by carol: s4 is broken',
      },
    ]);
  });

  it('tell lost leases and recoveries, and whether the world agrees', () => {
    const lines = linesAfter((told) =>
      told
        .add({ kind: 'lease-lost', lock: 'mediawiki', because: 'the store is gone' })
        .add({
          kind: 'lock-taken-by-another',
          lock: 'mediawiki',
          owner: { installation: 'practice', run: 7 },
        })
        .add({ kind: 'locks-regained', fences: {} })
        .add({ kind: 'recovered', gap: 12_000, agrees: true, evidence: [] })
        .add({ kind: 'recovered', gap: 400_000, agrees: false, evidence: ['ReadOnly in eqiad: false'] }),
    );
    expect(lines).toEqual([
      'LOCK LOST - switchdc mediawiki (run 41): mediawiki, the store is gone',
      'LOCK TAKEN - switchdc mediawiki (run 41): mediawiki, by run 7 of practice',
      'LOCKS REGAINED - switchdc mediawiki (run 41)',
      'RECOVERED - switchdc mediawiki (run 41) after 12 s without a process: the world is as the journal says',
      'RECOVERED - switchdc mediawiki (run 41) after 6 min 40 s without a process: the world is not as the journal says; ReadOnly in eqiad: false',
    ]);
  });

  it('tell a rollback step by step, and when read-only was over because of it', () => {
    const lines = linesAfter((told) =>
      told
        .acted('00-reduce-ttl')
        .acted(OPENS)
        .add({ kind: 'rollback-started', tasks: [OPENS, '00-reduce-ttl'] })
        .acted(OPENS, 'back')
        .add({
          kind: 'undo-passed-over',
          task: '00-reduce-ttl',
          because: 'the TTL may stay low',
          possible: true,
        }),
    );
    expect(lines.slice(-5)).toEqual([
      'ROLLBACK - switchdc mediawiki (run 41): 02-set-read-only, 00-reduce-ttl',
      'START - switchdc mediawiki rollback of 02-set-read-only (run 41)',
      'END (PASS) - switchdc mediawiki rollback of 02-set-read-only: observed after 3 s (run 41)',
      'MediaWiki read-only period ends at: 2026-03-25T14:00:20.000Z',
      'END (NOTRUN) - switchdc mediawiki rollback of 00-reduce-ttl: not needed, the TTL may stay low (run 41)',
    ]);
  });

  it('tell who confirmed that something was taken back by hand, and what cannot be', () => {
    const confirmed = { kind: 'task-confirmed', task: MANUAL, direction: 'back', by: by('dave') } as const;
    const impossible = {
      kind: 'undo-passed-over',
      task: '00-warm-up',
      because: 'it is done',
      possible: false,
    } as const;
    expect(linesAfter((told) => told.add(confirmed, impossible))).toEqual([
      'END (PASS) - switchdc mediawiki rollback of 09-update-dns: confirmed by dave (run 41)',
      'END (NOTRUN) - switchdc mediawiki rollback of 00-warm-up: not possible, it is done (run 41)',
    ]);
  });
});

describe('the read-only period', () => {
  const starts = 'MediaWiki read-only period starts at: 2026-03-25T14:00:04.000Z';
  const lost = { kind: 'unknown', because: 'the process ended' } as const;
  const aboutIt = (more: (told: ToldRun) => ToldRun): string[] =>
    linesAfter(more).filter((line) => line.includes('read-only period'));

  it('is not said to have started while it is not known whether it has', () => {
    expect(aboutIt((told) => told.checked(OPENS).started(OPENS, 'apply'))).toEqual([]);
    expect(aboutIt((told) => told.checked(OPENS).applied(OPENS, lost))).toEqual([]);
    expect(
      aboutIt((told) => told.checked(OPENS).applied(OPENS, { kind: 'failed', because: 'x', retry: 'safe' })),
    ).toEqual([]);
  });

  it('is said once when the world shows that a write of unknown outcome happened, from when that began', () => {
    const found = (told: ToldRun): ToldRun =>
      told.checked(OPENS).applied(OPENS, lost).checked(OPENS, holds(), 'forward', 0);
    expect(aboutIt(found)).toEqual([starts]);
    expect(aboutIt((told) => found(told).verified(OPENS))).toEqual([starts]);
  });

  it('is said once however often the write was repeated', () => {
    const retry = { kind: 'retry-asked', task: OPENS, by: by('alice') } as const;
    const stuck = { kind: 'task-stuck', task: OPENS, direction: 'forward', because: 'still not so' } as const;
    expect(aboutIt((told) => told.checked(OPENS).applied(OPENS, lost).checked(OPENS).applied(OPENS))).toEqual(
      [starts],
    );
    expect(aboutIt((told) => told.checked(OPENS).applied(OPENS).add(stuck, retry).acted(OPENS))).toEqual([
      starts,
    ]);
  });

  it('is never said to have ended without having been said to have started', () => {
    const retry = { kind: 'retry-asked', task: OPENS, by: by('alice') } as const;
    const lines = aboutIt((told) => told.checked(OPENS).applied(OPENS, lost).add(retry).acted(CLOSES));
    expect(lines).toEqual([starts, 'MediaWiki read-only period ends at: 2026-03-25T14:00:12.000Z']);
  });

  it('does not exist in a run that never wrote it', () => {
    expect(aboutIt((told) => told.acted(CLOSES))).toEqual([]);
  });
});

import { type Instant, SECOND, plus } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import { type Evidence, type Finding, blocked, holds } from '../../src/runbook/finding.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { PlannedTask } from '../../src/runbook/plan.js';
import type { Direction, Entry, Outcome, Said, StepName, TaskEnd } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';
import { type SalState, journalLines } from '../../src/sal/journal-lines.js';
import type { SalContext } from '../../src/sal/sal-line.js';
import { at } from './support.js';

export const OPENS = '02-set-read-only';
export const CLOSES = '07-set-read-write';
export const MANUAL = '09-update-dns';

export const context: SalContext = {
  window: { opens: OPENS, closes: CLOSES, budget: 180 * SECOND },
  salText: (task) => (task === MANUAL ? 'Phase 9.5 Update DNS records for new database masters' : undefined),
};

export const by = (name: string): Said => ({ person: person(name), identity: `unix:${name}`, chat: 'cli' });

const policy: ApprovalPolicy = {
  approvals: 2,
  mayAnswer: [role('approver')],
  needs: [],
  expiresAfter: 1_800_000,
};

const planned = (id: string): PlannedTask => ({
  id,
  title: id.slice(3),
  does: 'act',
  changes: [],
  finding: holds(),
});

export const request = (mode: Mode = 'live'): Entry & { kind: 'run-requested' } => ({
  kind: 'run-requested',
  runbook: 'mediawiki',
  version: '1',
  params: {},
  mode,
  reason: { text: 'half-yearly switchover', task: 'T12345' },
  by: by('alice'),
  description: 'for datacenter switchover from codfw to eqiad',
  policy,
  plan: {
    digest: 'abc',
    phases: [
      { id: '0', title: 'Preparation', digest: 'a', tasks: ['00-reduce-ttl', '00-warm-up'].map(planned) },
      { id: '2', title: 'Read-only', digest: 'b', tasks: [planned(OPENS)] },
      { id: '5', title: 'Deprecated', digest: 'c', tasks: [] },
      { id: '7', title: 'Read-write', digest: 'd', tasks: [planned(CLOSES)] },
      { id: '9', title: 'Post read-only', digest: 'e', tasks: [planned(MANUAL)] },
    ],
  },
});

const NO_ENDS: Record<TaskEnd, number> = {
  observed: 0,
  confirmed: 0,
  'skipped-in-live-test': 0,
  'skipped-in-emergency': 0,
  'skipped-by-person': 0,
  shown: 0,
  'would-stop': 0,
  'taken-back': 0,
  'not-run': 0,
};

/** The journal of one run, written by hand: an entry each second from 14:00:00 UTC on, unless told otherwise. */
export class ToldRun {
  readonly recorded: Recorded[] = [];
  #now: Instant = at('2026-03-25T14:00:00Z');

  constructor(
    mode: Mode = 'live',
    readonly run = 41,
  ) {
    this.add(request(mode));
  }

  add(...entries: Entry[]): this {
    for (const entry of entries) {
      const seq = this.recorded.length + 1;
      this.recorded.push({ position: seq, run: this.run, seq, at: this.#now, entry });
      this.#now = plus(this.#now, SECOND);
    }
    return this;
  }

  later(seconds: number): this {
    this.#now = plus(this.#now, seconds * SECOND);
    return this;
  }

  started(task: string, step: StepName, direction: Direction = 'forward', attempt = 1): this {
    return this.add({ kind: 'step-started', task, step, direction, round: 1, attempt });
  }

  ended(task: string, step: StepName, outcome: Outcome, direction: Direction = 'forward', attempt = 1): this {
    return this.add({ kind: 'step-ended', task, step, direction, round: 1, attempt, outcome, took: SECOND });
  }

  checked(task: string, finding: Finding = holds(), direction: Direction = 'forward', changes = 1): this {
    const change = { object: `of ${task}`, from: false, to: true };
    const outcome: Outcome = {
      kind: 'checked',
      finding,
      before: null,
      changes: Array<typeof change>(changes).fill(change),
    };
    return this.started(task, 'check', direction).ended(task, 'check', outcome, direction);
  }

  applied(
    task: string,
    outcome: Outcome = { kind: 'done', done: null },
    direction: Direction = 'forward',
  ): this {
    return this.started(task, 'apply', direction).ended(task, 'apply', outcome, direction);
  }

  verified(task: string, finding: Finding = holds(), direction: Direction = 'forward'): this {
    return this.started(task, 'verify', direction).ended(
      task,
      'verify',
      { kind: 'found', finding },
      direction,
    );
  }

  /** Checked, applied and observed. */
  acted(task: string, direction: Direction = 'forward', evidence: Evidence[] = []): this {
    return this.checked(task, holds(), direction)
      .applied(task, undefined, direction)
      .verified(task, holds(evidence), direction);
  }

  blockedBy(task: string, evidence: Evidence[]): this {
    return this.checked(task, blocked(evidence));
  }

  gate(gate: string, about: (Entry & { kind: 'gate-opened' })['for'], changedPlaces = 0): this {
    const difference = Array.from({ length: changedPlaces }, () => ({
      phase: '2',
      task: OPENS,
      object: 'x',
      was: 1,
      is: 2,
    }));
    const expiresAt = plus(this.#now, policy.expiresAfter);
    return this.add({
      kind: 'gate-opened',
      gate,
      for: about,
      policy,
      digest: 'abc',
      expiresAt,
      asker: person('alice'),
      difference,
    });
  }

  end(result: 'PASS' | 'FAIL' | 'ABORTED', counts: Partial<Record<TaskEnd, number>>, because = ''): this {
    return this.add({ kind: 'run-ended', result, because, counts: { ...NO_ENDS, ...counts } });
  }
}

/** The lines of a whole journal, with their authors. */
export function allLines(told: ToldRun): { author: string; text: string }[] {
  let state: SalState | undefined;
  return told.recorded.flatMap((recorded) => {
    const next = journalLines(state, recorded, context);
    state = next.state;
    return [...next.lines];
  });
}

/** The lines that the entries made by `more` add to a run that has started. */
export function linesAfter(more: (told: ToldRun) => ToldRun, mode: Mode = 'live'): string[] {
  const begun = (): ToldRun => new ToldRun(mode).add({ kind: 'run-started', digest: 'abc' });
  return allLines(more(begun()))
    .slice(allLines(begun()).length)
    .map(({ text }) => text);
}

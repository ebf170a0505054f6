import { instant, type Instant } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import { holds } from '../../src/runbook/finding.js';
import { resolvePhases } from '../../src/runbook/resolve.js';
import type { Phase } from '../../src/runbook/runbook.js';
import { decide } from '../../src/runner/decide.js';
import type { Direction, Entry, Outcome, StepName } from '../../src/runner/entry.js';
import { evolve } from '../../src/runner/evolve.js';
import type { Intent } from '../../src/runner/intent.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { RunState } from '../../src/runner/run-state.js';
import { noApproval } from './toy-runbook.js';

export const NOON = Date.UTC(2026, 2, 25, 12);
export const said = (name: string) => ({ person: person(name), identity: `practice:${name}`, chat: 'test' });

export const change = { object: 'x', from: 'off', to: 'on' };
export const checked = (...objects: string[]): Outcome => ({
  kind: 'checked',
  finding: holds(),
  before: 'off',
  changes: objects.map((object) => ({ ...change, object })),
});
export const found: Outcome = { kind: 'found', finding: holds() };
export const applied: Outcome = { kind: 'done', done: 1 };
export const lost: Outcome = { kind: 'unknown', because: 'no answer' };

export const preparedOf = (phases: readonly Phase[], parts: Partial<PreparedRun> = {}): PreparedRun => ({
  runbook: 'toy',
  version: '1',
  params: {},
  mode: 'live',
  description: 'a toy',
  phases: resolvePhases(phases, parts.mode ?? 'live', 'planned'),
  locks: ['toy'],
  usually: {},
  ...parts,
});

/** A run told entry by entry: what `decide` says at any moment of it. One second passes with each entry. */
export class Told {
  readonly recorded: Recorded[] = [];
  #state: RunState | undefined;
  #time = NOON;

  constructor(
    readonly run: PreparedRun,
    policy: ApprovalPolicy = noApproval,
  ) {
    this.tell({
      kind: 'run-requested',
      runbook: run.runbook,
      version: run.version,
      params: run.params,
      mode: run.mode,
      reason: { text: 'a test', task: 'T1' },
      by: said('alice'),
      description: run.description,
      plan: { digest: 'd', phases: [] },
      policy,
    });
  }

  /** A run that has been started, with its first phase entered. */
  static started(run: PreparedRun): Told {
    const told = new Told(run).tell({ kind: 'run-started', digest: 'd' });
    return run.phases[0]?.gate === undefined
      ? told.tell({ kind: 'phase-started', phase: run.phases[0]?.id ?? '' })
      : told;
  }

  get state(): RunState {
    return this.#state as RunState;
  }

  get now(): Instant {
    return instant(this.#time);
  }

  tell(...entries: Entry[]): this {
    for (const entry of entries) {
      this.#time += 1_000;
      const recorded = {
        position: this.recorded.length + 1,
        run: 1,
        seq: this.recorded.length + 1,
        at: this.now,
        entry,
      };
      this.recorded.push(recorded);
      this.#state = evolve(this.#state, recorded);
    }
    return this;
  }

  later(millis: number): this {
    this.#time += millis;
    return this;
  }

  /** One step from its start to its end. */
  step(task: string, step: StepName, outcome: Outcome, direction: Direction = 'forward', round = 1): this {
    const own = this.state.tasks[task];
    const progress = direction === 'forward' ? own?.forward : own?.back;
    const attempt = (progress?.round === round ? progress.attempts[step] : 0) + 1;
    const at = { task, step, direction, round, attempt };
    return this.tell({ kind: 'step-started', ...at }, { kind: 'step-ended', ...at, outcome, took: 1_000 });
  }

  /** Everything that a task takes. */
  through(task: string): this {
    return this.step(task, 'check', checked(task)).step(task, 'apply', applied).step(task, 'verify', found);
  }

  /** What comes next, in short: `check 00-a`, `alarm`, `wait 5000` (milliseconds from now). */
  get next(): string[] {
    return decide(this.run, this.state, this.now).map((intent) => short(intent, this.now));
  }

  /** The entry that comes next. */
  get entry(): Entry {
    const intent = decide(this.run, this.state, this.now).find(({ kind }) => kind === 'append');
    if (intent?.kind !== 'append') throw new Error(`nothing to append: ${this.next.join(', ')}`);
    return intent.entry;
  }
}

function short(intent: Intent, now: Instant): string {
  switch (intent.kind) {
    case 'append':
      return 'task' in intent.entry ? `${intent.entry.kind} ${intent.entry.task}` : intent.entry.kind;
    case 'step':
      return `${intent.direction === 'back' ? 'back: ' : ''}${intent.step} ${intent.task}${intent.round > 1 ? ` (${intent.round})` : ''}`;
    case 'open-gate':
      return `open-gate ${intent.for.kind === 'phase' ? intent.for.phase : 'request'}`;
    case 'wait':
      return `wait ${intent.until - now}`;
    case 'begin':
    case 'regain-locks':
      return intent.kind;
  }
}

export const vote = (gate: string, name: string, verdict: 'go' | 'nogo', digest = 'd'): Entry => ({
  kind: 'vote-cast',
  gate,
  by: said(name),
  roles: [role('approver')],
  verdict,
  digest,
});

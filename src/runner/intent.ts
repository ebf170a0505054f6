import type { Instant } from '../domain/instant.js';
import type { TaskId } from '../runbook/task.js';
import type { Direction, Entry, GateFor, StepName } from './entry.js';

/** What a gate is opened for when its plan has to be made first. */
export type AskedAnew = Exclude<GateFor, { kind: 'skip' }>;

/** What comes next. The runner carries intents out and asks again after every entry. */
export type Intent =
  /** A fact that follows from the journal and the time alone. */
  | { readonly kind: 'append'; readonly entry: Entry }
  | {
      readonly kind: 'step';
      readonly task: TaskId;
      readonly step: StepName;
      readonly direction: Direction;
      readonly round: number;
      readonly attempt: number;
    }
  /** Take the locks, plan anew and start, or ask again when the plan is another one. */
  | { readonly kind: 'begin' }
  /** Plan what remains and ask: before a phase, or for a request that was on hold. */
  | { readonly kind: 'open-gate'; readonly for: AskedAnew }
  | { readonly kind: 'regain-locks' }
  /** Nothing before this instant, unless somebody says something. */
  | { readonly kind: 'wait'; readonly until: Instant };

/** Two intents with the same key are the same piece of work. */
export function intentKey(intent: Intent): string {
  switch (intent.kind) {
    case 'step':
      return `step/${intent.direction}/${intent.task}`;
    case 'open-gate':
      return `open-gate/${intent.for.kind === 'phase' ? intent.for.phase : 'request'}`;
    case 'append':
      return `append/${intent.entry.kind}`;
    case 'begin':
    case 'regain-locks':
      return intent.kind;
    case 'wait':
      return `wait/${intent.until}`;
  }
}

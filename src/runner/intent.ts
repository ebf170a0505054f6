import type { Instant } from '../domain/instant.js';
import type { PhaseId, TaskId } from '../runbook/task.js';
import type { Direction, Entry, StepName } from './entry.js';

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
  /** Plan the phases that remain and open the gate before this one. */
  | { readonly kind: 'open-gate'; readonly phase: PhaseId }
  | { readonly kind: 'regain-locks' }
  /** Nothing before this instant, unless somebody says something. */
  | { readonly kind: 'wait'; readonly until: Instant };

/** Two intents with the same key are the same piece of work. */
export function intentKey(intent: Intent): string {
  switch (intent.kind) {
    case 'step':
      return `step/${intent.direction}/${intent.task}`;
    case 'open-gate':
      return `open-gate/${intent.phase}`;
    case 'append':
      return `append/${intent.entry.kind}`;
    case 'begin':
    case 'regain-locks':
      return intent.kind;
    case 'wait':
      return `wait/${intent.until}`;
  }
}

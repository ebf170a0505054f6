import { type Instant, type Millis, plus } from '../domain/instant.js';
import type { RunId } from '../runner/journal.js';
import type { RunView } from '../runner/runner.js';
import type { DeliveryKey } from './platform.js';
import type { TaskEnding } from './task-lines.js';

/** Tasks that end within this time of the first of them are told in one line. By the journal: so it is again after a crash. */
const MERGE: Millis = 500;

/** How much later than it happened the reporter may read of something. */
const LATE: Millis = 250;

/** One task's end, as the journal has it. */
export interface OneEnding {
  readonly ending: TaskEnding;
  readonly view: RunView;
  readonly at: Instant;
  readonly key: DeliveryKey;
  readonly position: number;
}

/** What is told in one line: with the key of the first of them, as things are after the last. */
export interface Merged extends Omit<OneEnding, 'ending'> {
  readonly endings: readonly TaskEnding[];
  /** When the first of them happened. */
  readonly first: Instant;
}

/** Ends of tasks that wait for a moment, because others may come that belong on the same line. */
export class Merging {
  #open: Merged | undefined;

  /** When what waits is to be told. */
  until(): Instant | undefined {
    return this.#open && plus(this.#open.first, MERGE + LATE);
  }

  /** Whether this one belongs to what waits. */
  takes({ at, view }: Pick<OneEnding, 'at' | 'view'>): boolean {
    return this.#open !== undefined && at <= this.#open.first + MERGE && this.waitsFor(view.state.run);
  }

  waitsFor(run: RunId): boolean {
    return this.#open?.view.state.run === run;
  }

  /** What waited before must have been taken, where this one does not belong to it. */
  add({ ending, ...rest }: OneEnding): void {
    const open = this.takes(rest) ? this.#open : undefined;
    this.#open =
      open === undefined
        ? { ...rest, endings: [ending], first: rest.at }
        : { ...open, ...rest, key: open.key, endings: [...open.endings, ending] };
  }

  /** An entry after it that says nothing: told together, they are passed together. */
  pass(position: number): void {
    if (this.#open !== undefined) this.#open = { ...this.#open, position };
  }

  take(): Merged | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open;
  }
}

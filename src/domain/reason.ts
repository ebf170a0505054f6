import type { PersonName, TrackerTask } from './names.js';

/** Why something is done, and under which tracker task. Every effect on the world carries one. */
export interface Reason {
  readonly text: string;
  readonly task?: TrackerTask;
}

/** Who does something to the world, why, and for which run: what every write is made with. */
export interface Authority {
  readonly person: PersonName;
  readonly reason: Reason;
  /** The run it belongs to, `41`. */
  readonly run: number;
}

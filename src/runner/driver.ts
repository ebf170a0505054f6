import type { Clock } from '../domain/clock.js';
import type { Readers } from '../runbook/world.js';
import type { Performer } from './performer.js';
import type { RunFile } from './run-file.js';
import type { RunLocks } from './run-locks.js';

/** What it takes to drive one run in this process. */
export interface Driver {
  readonly file: RunFile;
  readonly performer: Performer;
  readonly readers: Readers;
  readonly locks: RunLocks;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when the journal itself cannot be written, which the journal cannot tell. */
  trouble(text: string): void;
}

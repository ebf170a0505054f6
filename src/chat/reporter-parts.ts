import type { Clock } from '../domain/clock.js';
import type { JournalReader, RunId } from '../runner/journal.js';
import type { PreparedRun } from '../runner/prepared-run.js';
import type { Cursors } from './cursors.js';
import type { ChatPlatform, Destination } from './platform.js';
import type { Telling } from './telling.js';

/** What one reporter needs to tell one destination. */
export interface ReporterParts {
  readonly journal: JournalReader;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly platform: Pick<ChatPlatform, 'send' | 'queue' | 'limits' | 'findSent' | 'revise'>;
  readonly to: Destination;
  readonly tell: Telling;
  /** Undefined for a run whose runbook is not known here. */
  preparedRun(run: RunId): Promise<PreparedRun | undefined>;
  trouble(text: string): void;
}

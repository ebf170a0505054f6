import type { Phase } from '../../src/runbook/runbook.js';
import type { Entry } from '../../src/runner/entry.js';
import type { Journal, RunId } from '../../src/runner/journal.js';
import type { Caller } from '../../src/runner/orders.js';
import type { Ports } from '../../src/runner/ports.js';
import type { AskedRun } from '../../src/runner/request-entry.js';
import { openRunner, type Runner } from '../../src/runner/runner.js';
import { journalMigrations, sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { openInMemory } from '../../src/storage/open-snapshot.js';
import { ToyHouse, START } from './toy-house.js';
import { oneGo, toyRunbook, toyTask, ToyWorld } from './toy-runbook.js';

export const asked: AskedRun = { runbook: 'toy', params: {}, mode: 'live', reason: { text: 'a test' } };

/** Somebody, with the message that they say. */
export const saying = (who: Caller, message: string): Caller => ({
  ...who,
  said: { ...who.said, message },
});

/** The real runner on a toy runbook and a journal in memory; nothing is driven, so only people's words become entries. */
export class QuietRunner implements Disposable {
  readonly #database = openInMemory(journalMigrations);
  readonly #world = new ToyWorld(ToyHouse.clock());
  readonly journal: Journal = sqliteJournal(this.#database);
  /** Of the process that lives now. */
  runner: Runner = this.#open();

  /** The process is gone; the next one finds the journal. */
  again(): Runner {
    this.runner = this.#open();
    return this.runner;
  }

  /** As if the runner had gone on so far by itself. To be told before anything is ordered of the run. */
  async tell(run: RunId, ...entries: readonly Entry[]): Promise<void> {
    const { length } = await this.journal.read(run);
    for (const [index, entry] of entries.entries())
      await this.journal.append(run, length + index + 1, entry, START);
    this.again();
  }

  async entries(run: RunId): Promise<Entry[]> {
    return (await this.journal.read(run)).map(({ entry }) => entry);
  }

  async kinds(run: RunId): Promise<string[]> {
    return (await this.entries(run)).map(({ kind }) => kind);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #open(): Runner {
    const phases: Phase[] = [
      {
        id: '0',
        title: 'preparation',
        urgent: false,
        tasks: [toyTask(this.#world, { id: '00-a' }), toyTask(this.#world, { id: '00-b' })],
      },
    ];
    return openRunner({
      journal: this.journal,
      clock: this.#world.clock,
      ports: { state: this.#world.reader } as Ports,
      runbooks: [toyRunbook(() => phases)],
      installation: 'test',
      policy: () => oneGo,
      permitSubject: () => {
        throw new Error('nothing is written here');
      },
      datacenterOf: () => undefined,
      trouble: (text) => {
        throw new Error(text);
      },
    });
  }
}

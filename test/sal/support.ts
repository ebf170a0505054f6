import { type Instant, parseInstant } from '../../src/domain/instant.js';
import { type NewSalEntry, type SalSource } from '../../src/sal/entry.js';
import { salMessage } from '../../src/sal/message.js';
import { salMigrations } from '../../src/sal/sqlite/migrations.js';
import { journalMigrations } from '../../src/runner/sqlite/sqlite-journal.js';
import { type Sqlite, openDatabase } from '../../src/storage/open-database.js';
import { temporaryFolder } from '../support/temporary-folder.js';

export const at = (text: string): Instant => parseInstant(text)!;

/** The file that journal and log share, there for one test. */
export class TemporaryFile implements Disposable {
  readonly #folder = temporaryFolder();
  readonly #open: Sqlite[] = [];
  readonly path = this.#folder.file('journal.db');

  open(): Sqlite {
    const database = openDatabase(this.path, [...journalMigrations, ...salMigrations], 'none');
    this.#open.push(database);
    return database;
  }

  [Symbol.dispose](): void {
    for (const database of this.#open) database.close();
    this.#folder[Symbol.dispose]();
  }
}

/** What somebody says, as it is logged. */
export function said(text: string, id: string, more: Partial<NewSalEntry> = {}): NewSalEntry {
  const source: SalSource = { kind: 'message', id };
  const checked = salMessage(text);
  if (!checked.ok) throw new Error(checked.problem);
  return {
    at: at('2026-03-25T13:00:00Z'),
    author: 'alice',
    project: 'production',
    message: checked.message,
    source,
    ...more,
  };
}

import { expect, it } from '@jest/globals';
import { instant } from '../../../src/domain/instant.js';
import { JournalUnwritable } from '../../../src/runner/errors.js';
import {
  journalMigrations,
  journalReader,
  sqliteJournal,
} from '../../../src/runner/sqlite/sqlite-journal.js';
import { openDatabase, openReadOnly, type Sqlite } from '../../../src/storage/open-database.js';
import { journalContract } from '../../contracts/journal.contract.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { preparedOf, Told } from '../../support/toy-decide.js';

/** A journal's file and whoever has it open. */
class JournalFile {
  readonly #folder = temporaryFolder();
  readonly #opened: Sqlite[] = [];

  open(): Sqlite {
    return this.#keep(openDatabase(this.#folder.file('journal.db'), journalMigrations));
  }
  openReader(): Sqlite {
    return this.#keep(openReadOnly(this.#folder.file('journal.db')));
  }
  #keep(database: Sqlite): Sqlite {
    this.#opened.push(database);
    return database;
  }
  [Symbol.dispose](): void {
    for (const database of this.#opened) database.close();
    this.#folder[Symbol.dispose]();
  }
}

journalContract('in SQLite', async (test) => {
  using file = new JournalFile();
  await test({
    journal: sqliteJournal(file.open()),
    reader: () => journalReader(file.openReader()),
    reopened: () => sqliteJournal(file.open()),
  });
});

const alarm = (text: string) => ({ kind: 'alarm', about: 'long', text }) as const;
const [request] = new Told(preparedOf([])).recorded;

it('the journal in SQLite keeps what has more than 64 KiB beside it, once for each content', async () => {
  using file = new JournalFile();
  const database = file.open();
  const journal = sqliteJournal(database);
  if (request?.entry.kind !== 'run-requested') throw new Error('no request');
  await journal.begin(request.entry, instant(0));
  // Few characters, many bytes.
  const long = '維'.repeat(25_000);
  await journal.append(1, 2, alarm(long), instant(0));
  await journal.append(1, 3, alarm(long), instant(0));
  await journal.append(1, 4, alarm('short'), instant(0));
  const inline = database.prepare('SELECT entry IS NOT NULL FROM journal ORDER BY seq').pluck().all();
  expect(inline).toEqual([1, 0, 0, 1]);
  expect(database.prepare('SELECT count(*) FROM blob').pluck().get()).toBe(1);
});

it('the journal in SQLite says that it cannot be written while its file is locked, and takes the entry afterwards', async () => {
  using file = new JournalFile();
  const database = file.open();
  database.pragma('busy_timeout = 0');
  const journal = sqliteJournal(database);
  if (request?.entry.kind !== 'run-requested') throw new Error('no request');
  await journal.begin(request.entry, instant(0));
  const other = file.open();
  other.exec('BEGIN IMMEDIATE');
  await expect(journal.append(1, 2, alarm('a'), instant(0))).rejects.toThrow(JournalUnwritable);
  other.exec('ROLLBACK');
  expect(await journal.append(1, 2, alarm('a'), instant(0))).toMatchObject({ seq: 2 });
});

it('the journal in SQLite reads a file from before messages were kept, and goes on in it', async () => {
  using folder = temporaryFolder();
  const file = folder.file('journal.db');
  const old = openDatabase(file, journalMigrations.slice(0, 1));
  if (request?.entry.kind !== 'run-requested') throw new Error('no request');
  old
    .prepare("INSERT INTO journal (run, seq, at, kind, entry) VALUES (1, 1, 0, 'run-requested', ?)")
    .run(JSON.stringify(request.entry));
  expect(await journalReader(old).read(1)).toMatchObject([{ entry: request.entry }]);
  old.close();
  const database = openDatabase(file, journalMigrations);
  const journal = sqliteJournal(database);
  const by = { ...request.entry.by, message: 'm1' };
  await journal.append(1, 2, { kind: 'run-resumed', by }, instant(0));
  expect((await journal.saidWith('m1')).map(({ seq }) => seq)).toEqual([2]);
  expect((await journal.read(1)).map(({ entry }) => entry.kind)).toEqual(['run-requested', 'run-resumed']);
  database.close();
});

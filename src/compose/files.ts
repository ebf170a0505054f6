import { join } from 'node:path';
import { ledgerMigrations } from '../announcements/sqlite/migrations.js';
import { slackMigrations } from '../chat/slack/inbox.js';
import { cursorMigrations } from '../chat/sqlite/sqlite-cursors.js';
import { outboxMigrations } from '../chat/sqlite/sqlite-outbox.js';
import { journalMigrations } from '../runner/sqlite/sqlite-journal.js';
import { salMigrations } from '../sal/sqlite/migrations.js';
import { DataDirectoryUnusable } from '../service/errors.js';
import { worldMigrations } from '../simulation/world-file.js';
import { stateMigrations } from '../state/sqlite/state-migrations.js';
import { type Durability, type Migration, openDatabase, type Sqlite } from '../storage/open-database.js';
import { openInMemory, openSnapshot } from '../storage/open-snapshot.js';

/** The files of a data directory. */
export interface Files {
  /** The journal of record, and everything that follows it: log, ledger, cursors. */
  readonly records: Sqlite;
  /** The embedded state store. */
  readonly state: Sqlite;
  /** The simulated pair of datacenters. */
  readonly world: Sqlite;
  close(): void;
}

const RECORDS: readonly Migration[] = [
  ...journalMigrations,
  ...salMigrations,
  ...ledgerMigrations,
  ...cursorMigrations,
  ...outboxMigrations,
  ...slackMigrations,
];

/** For the one process that writes: the caller holds the lock of the directory. Throws DataDirectoryUnusable. */
export function openFiles(directory: string, durability: Durability = 'full'): Files {
  return filesFrom((name, migrations) =>
    usable(directory, () => openDatabase(join(directory, name), migrations, durability)),
  );
}

/** For a process that only reads: copies in memory, from which nothing reaches the disk. Throws DataDirectoryUnusable. */
export function openSnapshots(directory: string): Files {
  return filesFrom((name, migrations) =>
    usable(directory, () => openSnapshot(join(directory, name), migrations)),
  );
}

/** Nothing at all: where only the names of commands are needed. */
export function emptyFiles(): Files {
  return filesFrom((_name, migrations) => openInMemory(migrations));
}

function usable(directory: string, open: () => Sqlite): Sqlite {
  try {
    return open();
  } catch (error) {
    throw new DataDirectoryUnusable(directory, error);
  }
}

function filesFrom(open: (name: string, migrations: readonly Migration[]) => Sqlite): Files {
  const records = open('switchdc.db', RECORDS);
  const state = open('state.db', stateMigrations);
  const world = open('world.db', worldMigrations);
  return {
    records,
    state,
    world,
    close() {
      for (const database of [world, state, records]) database.close();
    },
  };
}

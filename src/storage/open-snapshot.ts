import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Migration, type Sqlite, migrate } from './open-database.js';

/**
 * A copy in memory of one of our files as it is now, or an empty one where there is none: for a process that only
 * reads. Nothing that is done with it reaches the disk, and the process that writes is not disturbed.
 */
export function openSnapshot(file: string, migrations: readonly Migration[]): Sqlite {
  if (!existsSync(file)) return openInMemory(migrations);
  const database = new Database(contentOf(file));
  migrate(database, migrations);
  return database;
}

/** An empty file that is never on a disk. */
export function openInMemory(migrations: readonly Migration[]): Sqlite {
  const database = new Database(':memory:');
  migrate(database, migrations);
  return database;
}

/** SQLite's documentation of sqlite3_deserialize: a write-ahead file opens in memory once its version numbers say 1. */
function contentOf(file: string): Buffer {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 });
  try {
    const content = database.serialize();
    content[18] = 1;
    content[19] = 1;
    return content;
  } finally {
    database.close();
  }
}

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
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
  const content = isAtRest(file) ? readFileSync(file) : serialized(file);
  content[18] = 1;
  content[19] = 1;
  return content;
}

/**
 * On a read-only file system SQLite opens no write-ahead file without the two others, which it could not make. But
 * where they are missing the file is complete, and where nobody can write it stays so.
 */
function isAtRest(file: string): boolean {
  if (existsSync(`${file}-wal`)) return false;
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS';
  }
}

function serialized(file: string): Buffer {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 });
  try {
    // Where the file cannot be read this says why; serialising would call it a lack of memory.
    database.pragma('schema_version');
    return database.serialize();
  } finally {
    database.close();
  }
}

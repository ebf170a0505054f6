import Database from 'better-sqlite3';

/** What is held; letting go of it twice does nothing. */
export interface Held {
  release(): void;
}

/**
 * Holds a file of its own (created when it is not there) against every other process, or undefined while another one
 * does. The operating system lets go when the process dies, however it dies. Never waits.
 *
 * The file keeps its rollback journal: with a write-ahead log, "exclusive" would only keep other writers out and leave
 * two more files behind.
 */
export function holdExclusively(file: string): Held | undefined {
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    release() {
      if (database.open) database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

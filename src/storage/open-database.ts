import Database from 'better-sqlite3';

export type Sqlite = Database.Database;
export type Statement = Database.Statement;

export interface Migration {
  /** Applied once each, in order; never edited after a release. */
  readonly name: string;
  readonly sql: string;
}

/** `full`: what has been committed survives the loss of power. `none`: it survives the death of the process alone. */
export type Durability = 'full' | 'none';

/**
 * Opens (and creates) one of our SQLite files for its single writer: WAL, synchronous FULL, so that what has been
 * committed survives the loss of power. Applies migrations that are missing. Local disks only.
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[],
  durability: Durability = 'full',
): Sqlite {
  const database = new Database(file, { timeout: 1_000 });
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'OFF'}`);
  database.pragma('foreign_keys = ON');
  migrate(database, migrations);
  return database;
}

/** Opens a file that another process may be writing, or throws when it is not there. */
export function openReadOnly(file: string): Sqlite {
  return new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 });
}

/** Runs a transaction that writes; takes the write lock at once, so that it cannot fail half-way for a stale snapshot. */
export function writing<T>(database: Sqlite, body: () => T): T {
  return database.transaction(body).immediate();
}

/** Applies the migrations that are missing, in one transaction. */
export function migrate(database: Sqlite, migrations: readonly Migration[]): void {
  writing(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT',
    );
    const known = new Set(database.prepare('SELECT name FROM migration').pluck().all() as string[]);
    migrations.forEach(({ name, sql }, position) => {
      if (known.has(name)) return;
      database.exec(sql);
      database.prepare('INSERT INTO migration (name, position) VALUES (?, ?)').run(name, position);
    });
  });
}

import type { Migration } from '../../storage/open-database.js';

/**
 * `object` holds what is true now, `history` every change that made it so (and with it the audit: who, why, from what
 * to what). `lease` has one row per lock that was ever taken; `fence` one per acquisition, so its numbers only grow.
 */
export const stateMigrations: readonly Migration[] = [
  {
    name: 'state-1',
    sql: `
      CREATE TABLE object (
        name TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        tags TEXT NOT NULL,
        fields TEXT NOT NULL,
        revision INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX object_kind ON object (kind);

      CREATE TABLE history (
        revision INTEGER NOT NULL,
        name TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        tags TEXT NOT NULL,
        before TEXT,
        fields TEXT NOT NULL,
        person TEXT,
        run INTEGER,
        reason TEXT NOT NULL,
        task TEXT,
        PRIMARY KEY (revision, name)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX history_at ON history (at);

      CREATE TABLE lease (
        lock TEXT PRIMARY KEY,
        fence INTEGER NOT NULL,
        installation TEXT NOT NULL,
        run INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE fence (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        lock TEXT NOT NULL,
        installation TEXT NOT NULL,
        run INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX fence_lock ON fence (lock, number);
    `,
  },
];

import type { Migration } from '../../storage/open-database.js';

/** The tables of the log. They live beside the journal's, so that a follower's entries and cursor are one transaction. */
export const salMigrations: readonly Migration[] = [
  {
    name: 'sal-1',
    sql: `
      CREATE TABLE sal_entry (
        id      INTEGER PRIMARY KEY,
        at      INTEGER NOT NULL,
        author  TEXT NOT NULL COLLATE NOCASE,
        project TEXT NOT NULL,
        message TEXT NOT NULL,
        source  TEXT NOT NULL UNIQUE,
        run     INTEGER
      ) STRICT;
      CREATE INDEX sal_entry_run ON sal_entry (run) WHERE run IS NOT NULL;
      CREATE INDEX sal_entry_at ON sal_entry (at);

      CREATE VIRTUAL TABLE sal_words USING fts5 (
        message, author, content = 'sal_entry', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
      );
      CREATE TRIGGER sal_entry_words AFTER INSERT ON sal_entry BEGIN
        INSERT INTO sal_words (rowid, message, author) VALUES (new.id, new.message, new.author);
      END;
      CREATE TRIGGER sal_entry_unchanged BEFORE UPDATE ON sal_entry BEGIN
        SELECT raise(ABORT, 'entries of the log are never changed');
      END;
      CREATE TRIGGER sal_entry_kept BEFORE DELETE ON sal_entry BEGIN
        SELECT raise(ABORT, 'entries of the log are never removed');
      END;

      CREATE TABLE cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
  },
];

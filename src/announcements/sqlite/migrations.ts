import type { Migration } from '../../storage/open-database.js';

/** The table of the ledger; `turn` grows with every claim. */
export const ledgerMigrations: readonly Migration[] = [
  {
    name: 'ledger-1',
    sql: `
      CREATE TABLE delivery (
        key     TEXT PRIMARY KEY,
        state   TEXT NOT NULL CHECK (state IN ('claimed', 'sent', 'not-sent')),
        attempt INTEGER NOT NULL,
        since   INTEGER NOT NULL,
        turn    INTEGER NOT NULL UNIQUE,
        proof   TEXT,
        because TEXT,
        CHECK ((state = 'sent') = (proof IS NOT NULL)),
        CHECK (state <> 'not-sent' OR because IS NOT NULL)
      ) STRICT;
      CREATE TABLE ledger_began (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
    `,
  },
];

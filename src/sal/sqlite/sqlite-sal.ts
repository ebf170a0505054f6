import { z } from 'zod';
import { ImpossibleState } from '../../domain/errors.js';
import { type Sqlite, writing } from '../../storage/open-database.js';
import { type NewSalEntry, type SalEntry, sourceKey } from '../entry.js';
import type { FollowerLog } from '../follower-log.js';
import type { Sal } from '../sal.js';
import { answering } from './answering.js';
import { entryOfRow } from './sal-row.js';
import { SAL_COLUMNS } from './sal-row.js';
import { sqliteSalReader } from './sqlite-sal-reader.js';

/** The name of the journal's follower among the cursors of the file. */
const FOLLOWER = 'sal';

/**
 * The log in a file that this process alone writes, opened with `salMigrations`. Each call is one transaction, and it
 * is on disk when the promise resolves.
 */
export function sqliteSal(database: Sqlite): Sal & FollowerLog {
  const insert = database.prepare(
    `INSERT INTO sal_entry (at, author, project, message, source, run) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (source) DO NOTHING`,
  );
  const bySource = database.prepare(`SELECT ${SAL_COLUMNS} FROM sal_entry e WHERE e.source = ?`);
  const cursor = database.prepare('SELECT position FROM cursor WHERE name = ?').pluck();
  const moveCursor = database.prepare(
    `INSERT INTO cursor (name, position) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)`,
  );

  const logged = (entry: NewSalEntry): SalEntry => {
    const key = sourceKey(entry.source);
    const run = entry.source.kind === 'run' ? entry.source.run : null;
    insert.run(entry.at, entry.author, entry.project, entry.message, key, run);
    const row = bySource.get(key);
    if (row === undefined) throw new ImpossibleState(`the entry of ${key} was logged and is not there`);
    return entryOfRow(row);
  };

  return {
    ...sqliteSalReader(database),
    log: (entry) => answering(() => writing(database, () => logged(entry))),
    position: () => answering(() => z.number().int().default(0).parse(cursor.get(FOLLOWER))),
    advance: (to, entries) =>
      answering(() =>
        writing(database, () => {
          moveCursor.run(FOLLOWER, to);
          return entries.map(logged);
        }),
      ),
  };
}

import type { Sqlite } from '../../storage/open-database.js';
import type { SalReader } from '../sal.js';
import { answering } from './answering.js';
import { SAL_COLUMNS, entryOfRow } from './sal-row.js';
import { salStatement } from './sal-query.js';

/** Reads the log of a file that another process may be writing. */
export function sqliteSalReader(database: Sqlite): SalReader {
  return {
    find: (query) =>
      answering(() => {
        const { sql, values } = salStatement(query);
        return database
          .prepare(sql)
          .all(...values)
          .map(entryOfRow);
      }),
    entry: (id) =>
      answering(() => {
        if (!Number.isSafeInteger(id)) return undefined;
        const row = database.prepare(`SELECT ${SAL_COLUMNS} FROM sal_entry e WHERE e.id = ?`).get(id);
        return row === undefined ? undefined : entryOfRow(row);
      }),
  };
}

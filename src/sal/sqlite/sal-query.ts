import type { SalQuery } from '../sal.js';
import { SAL_COLUMNS } from './sal-row.js';
import { wordMatch } from './word-match.js';

/** More than anybody reads, and little enough to hold in memory. */
const MOST_ENTRIES = 10_000;

/** The statement that answers a query, and its values in order. Pure. */
export function salStatement(query: SalQuery): {
  readonly sql: string;
  readonly values: readonly (string | number)[];
} {
  const { expression, contained } = wordMatch(query.words ?? []);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const where = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  where('sal_words MATCH ?', expression);
  for (const text of contained) where(`instr(lower(e.message || ' ' || e.author), ?) > 0`, text);
  where('e.at >= ?', query.since);
  where('e.at < ?', query.until);
  where('e.author = ?', query.author);
  where('e.run = ?', query.run);

  // Ordered by the index's own row number where there is one: a sort by time on the joined table reads every match.
  const indexed = expression !== undefined;
  const from = indexed ? 'sal_words JOIN sal_entry e ON e.id = sal_words.rowid' : 'sal_entry e';
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const limit = Math.min(Math.max(0, Math.trunc(query.limit)), MOST_ENTRIES);
  return {
    sql: `SELECT ${SAL_COLUMNS} FROM ${from}${filter} ORDER BY ${indexed ? 'sal_words.rowid' : 'e.id'} DESC LIMIT ?`,
    values: [...values, limit],
  };
}

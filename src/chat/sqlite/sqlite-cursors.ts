import type { Migration, Sqlite } from '../../storage/open-database.js';
import type { Cursors } from '../cursors.js';

export const cursorMigrations: readonly Migration[] = [
  {
    name: 'reporter-cursor-1',
    sql: 'CREATE TABLE reporter_cursor (follower TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;',
  },
];

export function sqliteCursors(database: Sqlite): Cursors {
  const read = database.prepare('SELECT position FROM reporter_cursor WHERE follower = ?').pluck();
  const write = database.prepare(
    'INSERT INTO reporter_cursor (follower, position) VALUES (?, ?) ON CONFLICT (follower) DO UPDATE SET position = excluded.position',
  );
  return {
    position: (follower) => Promise.resolve((read.get(follower) as number | undefined) ?? 0),
    advance(follower, to) {
      write.run(follower, to);
      return Promise.resolve();
    },
  };
}

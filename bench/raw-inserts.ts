import Database from 'better-sqlite3';

/** The floor: each text a row of its own, durable one after the other. Returns milliseconds. */
export function rawInserts(file: string, texts: readonly string[]): number {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE entry (position INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO entry (text) VALUES (?)');
  const began = performance.now();
  for (const text of texts) insert.run(text);
  const took = performance.now() - began;
  database.close();
  return took;
}

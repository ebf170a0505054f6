import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '../src/domain/instant.js';
import type { Entry } from '../src/runner/entry.js';
import { journalMigrations, sqliteJournal } from '../src/runner/sqlite/sqlite-journal.js';
import { openDatabase } from '../src/storage/open-database.js';
import { rawInserts } from './raw-inserts.js';

const APPENDS = 3_000;

export interface Appends {
  readonly journalPerSecond: number;
  readonly rawPerSecond: number;
}

/** Durable appends one after the other, as a run makes them. */
export async function appends(): Promise<Appends> {
  const directory = mkdtempSync(join(tmpdir(), 'switchdc-bench-'));
  try {
    const entry: Entry = {
      kind: 'step-started',
      task: '03-set-db-read-only',
      step: 'apply',
      direction: 'forward',
      round: 1,
      attempt: 1,
    };
    const database = openDatabase(join(directory, 'journal.db'), journalMigrations);
    const journal = sqliteJournal(database);
    const at = instant(0);
    const began = performance.now();
    for (let seq = 1; seq <= APPENDS; seq += 1) await journal.append(1, seq, entry, at);
    const journalMs = performance.now() - began;
    database.close();
    const rawMs = rawInserts(join(directory, 'raw.db'), Array<string>(APPENDS).fill(JSON.stringify(entry)));
    return { journalPerSecond: (APPENDS / journalMs) * 1_000, rawPerSecond: (APPENDS / rawMs) * 1_000 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

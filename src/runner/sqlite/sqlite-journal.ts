import { createHash } from 'node:crypto';
import { type Instant, instant } from '../../domain/instant.js';
import { explainError } from '../../domain/errors.js';
import { type Sqlite, type Statement, writing } from '../../storage/open-database.js';
import type { Entry } from '../entry.js';
import { JournalUnwritable, RunMoved } from '../errors.js';
import type { Journal, JournalReader, Recorded } from '../journal.js';
import { saidIn } from '../said-in.js';

/** Entries of more bytes than this (evidence of hundreds of hosts) are kept beside the journal, by their hash. */
const LONGEST_INLINE = 64 * 1024;

export const journalMigrations = [
  {
    name: 'journal-1',
    sql: `
      CREATE TABLE journal (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        entry TEXT,
        blob TEXT REFERENCES blob (hash),
        UNIQUE (run, seq),
        CHECK ((entry IS NULL) <> (blob IS NULL))
      ) STRICT;
      CREATE INDEX journal_kind ON journal (kind, run);
      CREATE TABLE blob (hash TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
    `,
  },
  {
    name: 'journal-2',
    sql: `
      ALTER TABLE journal ADD COLUMN message TEXT;
      CREATE INDEX journal_message ON journal (message) WHERE message IS NOT NULL;
    `,
  },
];

interface Row {
  position: number;
  run: number;
  seq: number;
  at: number;
  entry: string;
}

const SELECT =
  'SELECT position, run, seq, at, coalesce(entry, content) AS entry FROM journal LEFT JOIN blob ON blob.hash = journal.blob';

/**
 * The journal in SQLite, for the one process that writes it. Appends are synchronous to the disk (WAL with synchronous
 * FULL); followers are woken by them.
 */
export function sqliteJournal(database: Sqlite): Journal {
  const wake = new Wake();
  const insert = database.prepare(
    'INSERT INTO journal (run, seq, at, kind, entry, blob, message) VALUES (:run, :seq, :at, :kind, :entry, :blob, :message) RETURNING position',
  );
  const insertBlob = database.prepare('INSERT OR IGNORE INTO blob (hash, content) VALUES (?, ?)');
  const lastRun = database.prepare('SELECT coalesce(max(run), 0) FROM journal').pluck();
  const lastSeq = database.prepare('SELECT coalesce(max(seq), 0) FROM journal WHERE run = ?').pluck();

  const put = (run: number, seq: number, entry: Entry, at: Instant): Recorded => {
    const text = JSON.stringify(entry);
    const long = Buffer.byteLength(text) > LONGEST_INLINE;
    const blob = long ? createHash('sha256').update(text).digest('hex') : null;
    if (blob !== null) insertBlob.run(blob, text);
    const row = insert.get({
      run,
      seq,
      at,
      kind: entry.kind,
      entry: long ? null : text,
      blob,
      message: saidIn(entry)?.message ?? null,
    }) as { position: number };
    return { position: row.position, run, seq, at, entry };
  };

  const durable = (body: () => Recorded): Promise<Recorded> => {
    try {
      const recorded = writing(database, body);
      wake.all();
      return Promise.resolve(recorded);
    } catch (error) {
      if (error instanceof RunMoved) return Promise.reject(error);
      return Promise.reject(
        new JournalUnwritable(`the journal cannot be written (${explainError(error)})`, { cause: error }),
      );
    }
  };

  return {
    ...journalReader(database, wake),
    begin: (entry, at) => durable(() => put((lastRun.get() as number) + 1, 1, entry, at)),
    append: (run, seq, entry, at) =>
      durable(() => {
        const last = lastSeq.get(run) as number;
        if (last + 1 !== seq)
          throw new RunMoved(`run ${run} has ${last} entries, so ${seq} cannot be the next`);
        return put(run, seq, entry, at);
      }),
  };
}

/**
 * Reading alone, for a process that does not hold the data directory: `follow` gives what is there and then waits, since
 * nothing wakes it (such a process asks the writing one instead).
 */
export function journalReader(database: Sqlite, wake = new Wake()): JournalReader {
  const ofRun = database.prepare(`${SELECT} WHERE run = ? ORDER BY seq`);
  const afterCursor = database.prepare(`${SELECT} WHERE position > ? ORDER BY position LIMIT ?`);
  const rows = (statement: Statement, ...values: (number | string)[]): Recorded[] =>
    (statement.all(...values) as Row[]).map(recordedFrom);
  const after = (cursor: number, most: number): Recorded[] => rows(afterCursor, cursor, most);
  return {
    read: (run) => Promise.resolve(rows(ofRun, run)),
    after: (cursor, most) => Promise.resolve(after(cursor, most)),
    async *follow(cursor, signal) {
      let at = cursor;
      while (!signal.aborted) {
        const woken = wake.next();
        const found = after(at, 500);
        for (const recorded of found) {
          yield recorded;
          at = recorded.position;
        }
        if (found.length === 0) await wakened(woken, signal);
      }
    },
    // Prepared when it is needed: a file of an older version may be read that has no such column yet.
    saidWith: (message) =>
      Promise.resolve(rows(database.prepare(`${SELECT} WHERE message = ? ORDER BY position`), message)),
    unfinished: () =>
      Promise.resolve(
        database
          .prepare(
            `SELECT run FROM journal WHERE kind = 'run-requested'
             AND run NOT IN (SELECT run FROM journal WHERE kind = 'run-ended') ORDER BY run`,
          )
          .pluck()
          .all() as number[],
      ),
    runs: (most) =>
      Promise.resolve(
        database
          .prepare('SELECT DISTINCT run FROM journal ORDER BY run DESC LIMIT ?')
          .pluck()
          .all(most) as number[],
      ),
    latest() {
      const at = database.prepare('SELECT max(at) FROM journal').pluck().get() as number | null;
      return Promise.resolve(at === null ? undefined : instant(at));
    },
  };
}

function recordedFrom(row: Row): Recorded {
  return {
    position: row.position,
    run: row.run,
    seq: row.seq,
    at: instant(row.at),
    entry: JSON.parse(row.entry) as Entry,
  };
}

/** Lets followers sleep until the next append in this process. */
class Wake {
  #resolve: () => void = () => undefined;
  #promise = this.#fresh();

  #fresh(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Must be taken before looking, so that an append in between is not missed. */
  next(): Promise<void> {
    return this.#promise;
  }

  all(): void {
    const resolve = this.#resolve;
    this.#promise = this.#fresh();
    resolve();
  }
}

function wakened(woken: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    void woken.then(done);
  });
}

import { cpSync } from 'node:fs';
import type { Files } from '../../src/compose/files.js';
import type { Sqlite } from '../../src/storage/open-database.js';

/** One thing that has just become durable: `journal step-started 02-set-read-only`, `store`, `world access`, `log`. */
export type Written = string;

/** Tells of each write once it is on disk. What is only bookkeeping (the clock's mark, a lease renewed) is left out. */
export function watchedFiles(files: Files, written: (what: Written) => void): Files {
  const { records, state, world } = files;
  const watched = (database: Sqlite, what: () => Written | undefined): Sqlite =>
    aroundEachTransaction(database, (transaction) => {
      const result = transaction();
      const found = what();
      if (found !== undefined) written(found);
      return result;
    });
  return {
    records: watched(
      records,
      newer(records, 'SELECT max(position) FROM journal', 'SELECT max(position) FROM cursor', () =>
        journalEntry(records),
      ),
    ),
    state: watched(
      state,
      newer(state, 'SELECT max(revision) FROM history', undefined, () => 'store'),
    ),
    world: watched(
      world,
      newer(world, 'SELECT max(seq) FROM input', undefined, () => worldInput(world)),
    ),
    close: () => files.close(),
  };
}

/** The journal's disk is full while it is said to be: nothing can be written, everything can be read. */
export function fullDisk(files: Files, isFull: () => boolean): Files {
  const records = aroundEachTransaction(files.records, (transaction) => {
    if (isFull()) throw new Error('database or disk is full');
    return transaction();
  });
  return { ...files, records, close: () => files.close() };
}

/** What kill -9 would leave now: the files as they are, in another folder. */
export function copyDisk(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

function newer(
  database: Sqlite,
  first: string,
  second: string | undefined,
  name: () => Written,
): () => Written | undefined {
  const numbers = [first, ...(second === undefined ? [] : [second])].map((sql) =>
    database.prepare(sql).pluck(),
  );
  const look = (): (number | null)[] => numbers.map((statement) => statement.get() as number | null);
  let seen = look();
  return () => {
    const now = look();
    const [own, other] = now.map((number, index) => number !== seen[index]);
    seen = now;
    if (own === true) return name();
    return other === true ? 'log' : undefined;
  };
}

function journalEntry(records: Sqlite): Written {
  const { kind, task } = records
    .prepare(`SELECT kind, entry ->> 'task' AS task FROM journal ORDER BY position DESC LIMIT 1`)
    .get() as { kind: string; task: string | null };
  return `journal ${kind}${task === null ? '' : ` ${task}`}`;
}

function worldInput(world: Sqlite): Written {
  const { input } = world.prepare('SELECT input FROM input ORDER BY seq DESC LIMIT 1').get() as {
    input: string;
  };
  return `world ${(JSON.parse(input) as { kind: string }).kind}`;
}

function aroundEachTransaction(database: Sqlite, around: (transaction: () => unknown) => unknown): Sqlite {
  return new Proxy(database, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name, of);
      if (typeof value !== 'function') return value;
      const method = value as (...args: unknown[]) => unknown;
      if (name !== 'transaction') return method.bind(of);
      return (body: (...args: unknown[]) => unknown) => {
        const transaction = of.transaction(body);
        return {
          immediate: (...args: unknown[]) => around(() => transaction.immediate(...args)),
        };
      };
    },
  });
}

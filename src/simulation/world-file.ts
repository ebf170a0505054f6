import { ImpossibleState } from '../domain/errors.js';
import {
  type Durability,
  type Migration,
  type Sqlite,
  openDatabase,
  writing,
} from '../storage/open-database.js';
import type { RecordedInput, WorldInput } from './world-input.js';
import type { WorldState } from './world-state.js';

/** The tables of a simulated world and its clock. */
export const worldMigrations: readonly Migration[] = [
  {
    name: 'world-1',
    sql: `
      CREATE TABLE input (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        input TEXT NOT NULL
      ) STRICT;
      CREATE TABLE checkpoint (
        kind TEXT PRIMARY KEY CHECK (kind IN ('first', 'latest')),
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL
      ) STRICT;
      CREATE TABLE clock (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        simulated INTEGER NOT NULL,
        wall INTEGER NOT NULL
      ) STRICT;
    `,
  },
];

/** Opens the file in which a simulated world and its clock live. */
export function openWorldFile(file: string, durability: Durability = 'full'): Sqlite {
  return openDatabase(file, worldMigrations, durability);
}

export interface Checkpoint {
  /** The last input that is in it. */
  readonly seq: number;
  readonly state: WorldState;
}

export interface WorldFile {
  first(): Checkpoint | undefined;
  latest(): Checkpoint | undefined;
  inputsAfter(seq: number): RecordedInput[];
  /** Begins a world. Durable when it returns. */
  begin(state: WorldState): void;
  /** Writes a checkpoint (when there is one to write) and then an input, in one transaction. Durable when it returns. */
  append(input: WorldInput, at: number, revision: number, checkpoint: Checkpoint | undefined): RecordedInput;
  checkpoint(checkpoint: Checkpoint): void;
}

/** @param alongside is called inside each transaction: what must be durable with it. */
export function worldFile(database: Sqlite, alongside: () => void = () => undefined): WorldFile {
  const find = database.prepare('SELECT seq, state FROM checkpoint WHERE kind = ?');
  const after = database.prepare('SELECT * FROM input WHERE seq > ? ORDER BY seq');
  const insert = database
    .prepare('INSERT INTO input (at, revision, input) VALUES (?, ?, ?) RETURNING seq')
    .pluck();
  const put = database.prepare(
    `INSERT INTO checkpoint (kind, seq, at, state) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET seq = excluded.seq, at = excluded.at, state = excluded.state`,
  );
  const load = (kind: 'first' | 'latest'): Checkpoint | undefined => {
    const row = find.get(kind) as { seq: number; state: string } | undefined;
    return row === undefined ? undefined : { seq: row.seq, state: parse(row.state) as WorldState };
  };
  const save = (kind: 'first' | 'latest', { seq, state }: Checkpoint): void => {
    put.run(kind, seq, state.at, JSON.stringify(state));
  };
  return {
    first: () => load('first'),
    latest: () => load('latest'),
    inputsAfter: (seq) =>
      (after.all(seq) as { seq: number; at: number; revision: number; input: string }[]).map((row) => ({
        ...row,
        input: parse(row.input) as WorldInput,
      })),
    begin(state) {
      writing(database, () => {
        save('first', { seq: 0, state });
        save('latest', { seq: 0, state });
        alongside();
      });
    },
    append: (input, at, revision, checkpoint) =>
      writing(database, () => {
        if (checkpoint) save('latest', checkpoint);
        const seq = insert.get(at, revision, JSON.stringify(input)) as number;
        alongside();
        return { seq, at, revision, input };
      }),
    checkpoint(checkpoint) {
      writing(database, () => {
        save('latest', checkpoint);
        alongside();
      });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ImpossibleState('the file of the simulated world is damaged', { cause: error });
  }
}

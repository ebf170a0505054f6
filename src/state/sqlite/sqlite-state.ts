import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import type { Instant } from '../../domain/instant.js';
import { sameJson } from '../../domain/json.js';
import type { Authority } from '../../domain/reason.js';
import { type Sqlite, writing } from '../../storage/open-database.js';
import { sqliteCode } from '../../storage/sqlite-code.js';
import { FenceLost, StateConflict, StoreUnavailable, StoreUnknown } from '../errors.js';
import { validateFields } from '../kinds.js';
import type { Fence } from '../locks.js';
import { matches } from '../selector.js';
import {
  type Change,
  type Fields,
  type KindName,
  type StateStore,
  type StoredObject,
  type Tags,
  objectName,
} from '../store.js';
import { type StateChanges, stateChanges } from './state-changes.js';
import { watchChanges } from './watch-changes.js';

/** What a first start puts into an empty store. */
export interface SeedObject {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly fields: Fields;
}

export interface EmbeddedState extends StateStore {
  readonly changes: StateChanges;
  /** Writes those of the objects that do not exist yet; leaves all others as they are. */
  seed(objects: readonly SeedObject[]): void;
}

interface Row {
  kind: KindName;
  tags: string;
  fields: string;
  revision: number;
}

/**
 * The state store in one SQLite file: objects, their whole history, leases. One transaction per `replace`, durable
 * before it resolves. Other processes may read the file, and may write it between two of our transactions.
 */
export function sqliteState(database: Sqlite, clock: Clock): EmbeddedState {
  const changes = stateChanges(database);
  const listeners = new Set<() => void>();
  const ofKind = database.prepare('SELECT * FROM object WHERE kind = ? ORDER BY name');
  const one = database.prepare('SELECT * FROM object WHERE name = ?');
  const put = database.prepare(
    `INSERT INTO object (name, kind, tags, fields, revision) VALUES (:name, :kind, :tags, :fields, :revision)
     ON CONFLICT (name) DO UPDATE SET fields = excluded.fields, revision = excluded.revision`,
  );
  const remember = database.prepare(
    `INSERT INTO history (revision, name, at, kind, tags, before, fields, person, run, reason, task)
     VALUES (:revision, :name, :at, :kind, :tags, :before, :fields, :person, :run, :reason, :task)
     ON CONFLICT (revision, name) DO UPDATE SET fields = excluded.fields`,
  );
  const holder = database.prepare('SELECT fence FROM lease WHERE lock = ? AND expires_at > ?').pluck();

  const find = (kind: KindName, tags: Tags): StoredObject | undefined => {
    const row = one.get(objectName(kind, tags)) as Row | undefined;
    return row === undefined ? undefined : objectFrom(row);
  };
  const write = (
    object: SeedObject,
    before: Fields | undefined,
    revision: number,
    by: By,
    at: Instant,
  ): void => {
    const name = objectName(object.kind, object.tags);
    const row = {
      name,
      revision,
      kind: object.kind,
      tags: JSON.stringify(object.tags),
      fields: JSON.stringify(validateFields(object.kind, object.tags, object.fields)),
    };
    put.run(row);
    remember.run({ ...row, ...by, at, before: before === undefined ? null : JSON.stringify(before) });
  };
  const replaceOne = (change: Change, revision: number, by: By, at: Instant): void => {
    const found = find(change.kind, change.tags);
    for (const [field, expected] of Object.entries(change.from)) {
      const value = found?.fields[field] ?? null;
      if (!sameJson(value, expected))
        throw new StateConflict(objectName(change.kind, change.tags), field, expected, value);
    }
    const fields = { ...found?.fields, ...change.to };
    write({ kind: change.kind, tags: change.tags, fields }, found?.fields, revision, by, at);
  };
  const compareFence = (fence: Fence, at: Instant): void => {
    const current = (holder.get(fence.lock, at) as number | undefined) ?? 0;
    if (current !== fence.number) throw new FenceLost(fence, current);
  };
  const wake = (): void => {
    for (const listener of [...listeners]) listener();
  };

  return {
    atomic: true,
    changes,
    select: (kind, where) =>
      reading(() =>
        (ofKind.all(kind) as Row[]).map(objectFrom).filter((object) => matches(where, object.tags)),
      ),
    watch: (kind, where, signal) => watchChanges({ changes, listeners, clock }, kind, where, signal),
    replace(list, by, fence) {
      return writingOnce(() => {
        const at = clock.now();
        writing(database, () => {
          compareFence(fence, at);
          const revision = changes.revision() + 1;
          for (const change of list) replaceOne(change, revision, authorityRow(by), at);
        });
        wake();
        return list.map((change) => find(change.kind, change.tags) as StoredObject);
      });
    },
    seed(objects) {
      const at = clock.now();
      writing(database, () => {
        const missing = objects.filter((object) => find(object.kind, object.tags) === undefined);
        const revision = changes.revision() + 1;
        const by = { person: null, run: null, task: null, reason: 'first start' };
        for (const object of missing) write(object, undefined, revision, by, at);
      });
      wake();
    },
  };
}

interface By {
  readonly person: string | null;
  readonly run: number | null;
  readonly task: string | null;
  readonly reason: string;
}

function authorityRow(by: Authority): By {
  return { person: by.person, run: by.run, task: by.reason.task ?? null, reason: by.reason.text };
}

function objectFrom(row: Row): StoredObject {
  return {
    kind: row.kind,
    tags: JSON.parse(row.tags) as Tags,
    fields: JSON.parse(row.fields) as Fields,
    revision: row.revision,
  };
}

async function reading<T>(body: () => T): Promise<T> {
  try {
    return body();
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    throw new StoreUnavailable(`the state store cannot be read (${explainError(error)})`, { cause: error });
  }
}

/**
 * SQLite takes a failed transaction back as a whole, so an error means that nothing was written; only when the disk
 * itself failed may the commit have reached it.
 */
async function writingOnce<T>(body: () => T): Promise<T> {
  try {
    return body();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw error;
    const text = `the state store cannot be written (${explainError(error)})`;
    if (code.startsWith('SQLITE_IOERR')) throw new StoreUnknown(text, { cause: error });
    throw new StoreUnavailable(text, { cause: error });
  }
}

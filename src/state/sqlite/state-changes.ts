import { type Instant, instant } from '../../domain/instant.js';
import type { Sqlite } from '../../storage/open-database.js';
import type { Fields, KindName, Tags } from '../store.js';

/** One object's change, as the history keeps it for ever. */
export interface RecordedChange {
  /** Of the transaction; objects that were changed together share it. */
  readonly revision: number;
  readonly at: Instant;
  readonly kind: KindName;
  readonly tags: Tags;
  /** All fields as they were, or undefined for an object that was new. */
  readonly before: Fields | undefined;
  /** All fields as they have been since. */
  readonly fields: Fields;
  /** Undefined for what a first start has put there. */
  readonly by: { readonly person: string; readonly run: number } | undefined;
  readonly reason: string;
  readonly task: string | undefined;
}

export interface StateChanges {
  /** The newest revision; cheap enough to be asked all the time. 0 for an empty store. */
  revision(): number;
  /** All changes after a revision, in order. Reads. */
  after(revision: number): RecordedChange[];
  /** Every object as it was at an instant (changes at that instant included). Reads. */
  asOf(at: Instant): RecordedChange[];
  /** The newest changes, newest first: who changed what, from what to what, and why. Reads. */
  audit(most: number): RecordedChange[];
  /** When the newest change was made, or undefined for an empty store. */
  latest(): Instant | undefined;
}

interface Row {
  revision: number;
  at: number;
  kind: KindName;
  tags: string;
  before: string | null;
  fields: string;
  person: string | null;
  run: number | null;
  reason: string;
  task: string | null;
}

/** The history of the embedded state store, in the order in which it was written. Reads only. */
export function stateChanges(database: Sqlite): StateChanges {
  const newest = database.prepare('SELECT coalesce(max(revision), 0) FROM history').pluck();
  const after = database.prepare('SELECT * FROM history WHERE revision > ? ORDER BY revision, name');
  const asOf = database.prepare(
    `SELECT * FROM history AS change WHERE at <= :at AND revision =
       (SELECT max(revision) FROM history WHERE name = change.name AND at <= :at) ORDER BY name`,
  );
  const audit = database.prepare('SELECT * FROM history ORDER BY revision DESC, name LIMIT ?');
  const latest = database.prepare('SELECT max(at) FROM history').pluck();
  return {
    revision: () => newest.get() as number,
    after: (revision) => (after.all(revision) as Row[]).map(changeFrom),
    asOf: (at) => (asOf.all({ at }) as Row[]).map(changeFrom),
    audit: (most) => (audit.all(most) as Row[]).map(changeFrom),
    latest() {
      const at = latest.get() as number | null;
      return at === null ? undefined : instant(at);
    },
  };
}

function changeFrom(row: Row): RecordedChange {
  return {
    revision: row.revision,
    at: instant(row.at),
    kind: row.kind,
    tags: JSON.parse(row.tags) as Tags,
    before: row.before === null ? undefined : (JSON.parse(row.before) as Fields),
    fields: JSON.parse(row.fields) as Fields,
    by: row.person === null ? undefined : { person: row.person, run: row.run ?? 0 },
    reason: row.reason,
    task: row.task ?? undefined,
  };
}

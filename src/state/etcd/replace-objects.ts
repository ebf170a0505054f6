import { randomUUID } from 'node:crypto';
import type { ICompare, IKeyValue, IRequestOp, IResponseOp } from 'etcd3';
import { ImpossibleState } from '../../domain/errors.js';
import type { Millis } from '../../domain/instant.js';
import { isoMillis } from '../../domain/instant.js';
import { sameJson } from '../../domain/json.js';
import type { Authority } from '../../domain/reason.js';
import { FenceLost, InvalidObject } from '../errors.js';
import type { Fence } from '../locks.js';
import { type Change, type KindName, type StoredObject, objectName } from '../store.js';
import { type NextObject, applyChanges } from './apply-changes.js';
import type { EtcdKeys } from './etcd-keys.js';
import { fenceHolds } from './fence-holds.js';
import { type ReadObjects, readObjects } from './read-objects.js';
import type { Selecting } from './select-objects.js';

/** etcd takes this many operations in one transaction unless it is told otherwise; … */
const MOST_OPERATIONS = 128;
/** … of them for ourselves: the reads, and the log. */
const OWN_OPERATIONS = 8;

/** So many writes are kept in the log … */
const LOG_LENGTH = 2_000;
/** … and with each write so many of the oldest leave it at most, of which only one has to. */
const LOG_TRIM = 16;

export interface Replacing extends Selecting {
  readonly steady: () => Millis;
}

/**
 * All changes in one transaction, which compares, for each object, the revision it was read at, and the fence; and which
 * writes an entry of the log with who and why. What was written is read back inside that transaction. When it fails
 * because an object has changed meanwhile in fields that no change names, it is made anew. Errors: see StateWriter.
 */
export async function replaceObjects(
  store: Replacing,
  changes: readonly Change[],
  by: Authority,
  fence: Fence,
): Promise<StoredObject[]> {
  const { cluster, keys, times, steady } = store;
  const most = MOST_OPERATIONS - OWN_OPERATIONS;
  if (changes.length > most)
    throw new InvalidObject(`${changes.length} changes do not fit into one transaction, ${most} would`);
  const until = steady() + times.write;
  const what = `${describe(changes)} cannot be written`;
  const look = lookAt(keys, new Set(changes.map(({ kind }) => kind)), fence);
  const first = await cluster.ask(times.write, what, (client, call) =>
    client.kv.txn({ success: look.reads }, call),
  );
  for (let seen = look.seenIn(first.responses); ;) {
    if (seen.fence !== fence.number) throw new FenceLost(fence, seen.fence);
    const next = applyChanges(keys, seen, changes);
    const at = isoMillis(store.clock.now());
    const entry = { key: keys.logEntry(at, randomUUID()), value: logText(at, by, fence, next) };
    const outcome = await cluster.commit(until - steady(), what, {
      compare: [...next.map(isUnchanged), ...fenceHolds(keys, fence)],
      success: [
        ...next.map(({ key, fields }) => ({ request_put: { key, value: asJson(fields) } })),
        ...trimmed(seen.oldestLog, entry.key),
        { request_put: entry },
        ...look.reads,
      ],
      failure: [...look.reads, { request_range: { key: entry.key, keys_only: true } }],
    });
    const { succeeded, responses } = outcome;
    seen = look.seenIn(succeeded ? responses.slice(-look.reads.length) : responses);
    // Without success an earlier try of the same transaction, whose answer was lost, may have made this entry.
    if (succeeded || rangeOf(responses.at(-1)).length === 1) {
      for (const object of next) refuseOther(object, seen.objects, succeeded);
      return changes.flatMap(({ kind, tags }) => seen.objects.get(keys.object(kind, tags).toString()) ?? []);
    }
  }
}

/** What one look at the store has shown, all of it at one revision. */
interface Seen extends Pick<ReadObjects, 'objects' | 'broken'> {
  /** The lock's current one; 0 while nobody holds it. */
  readonly fence: number;
  /** As many of the log's oldest entries as are too many once there is one more. */
  readonly oldestLog: readonly Buffer[];
}

/** The reads that tell all that a write needs to know, and what they have shown. */
function lookAt(keys: EtcdKeys, affected: ReadonlySet<KindName>, { lock }: Fence) {
  const reads: IRequestOp[] = [
    { request_range: { key: keys.taken(lock), keys_only: true } },
    { request_range: { key: keys.lock(lock), keys_only: true } },
    { request_range: { ...keys.log(), keys_only: true, limit: LOG_TRIM } },
    ...[...affected].map((kind) => ({ request_range: keys.ofKind(kind) })),
  ];
  return {
    reads,
    seenIn([taken, held, log, ...listed]: readonly IResponseOp[]): Seen {
      const found = [...affected].map((kind, index) => {
        const answer = listed[index]?.response_range;
        if (answer === undefined) throw new ImpossibleState('etcd answers less than it was asked');
        return readObjects(keys, kind, answer);
      });
      const excess = Number(log?.response_range.count ?? 0) + 1 - LOG_LENGTH;
      return {
        fence: rangeOf(held).length === 0 ? 0 : Number(rangeOf(taken)[0]?.mod_revision ?? 0),
        objects: new Map(found.flatMap(({ objects }) => [...objects])),
        broken: new Map(found.flatMap(({ broken }) => [...broken])),
        oldestLog: rangeOf(log)
          .slice(0, Math.max(0, excess))
          .map(({ key }) => key),
      };
    },
  };
}

const isUnchanged = ({ key, before }: NextObject): ICompare => ({
  key,
  target: 'Mod',
  result: 'Equal',
  mod_revision: before?.revision ?? 0,
});

/** Entries that are all older than the new one: a machine whose date was set back only ever adds. */
function trimmed(oldest: readonly Buffer[], entry: Buffer): IRequestOp[] {
  const [first, last] = [oldest[0], oldest.at(-1)];
  if (first === undefined || last === undefined || last.compare(entry) >= 0) return [];
  return [{ request_delete_range: { key: first, range_end: Buffer.concat([last, Buffer.from([0])]) } }];
}

/** For an auditor; the sqlite store keeps the same in its history. */
function logText(at: string, by: Authority, fence: Fence, next: readonly NextObject[]): Buffer {
  return asJson({
    at,
    person: by.person,
    run: by.run,
    reason: by.reason.text,
    task: by.reason.task ?? null,
    fence,
    changes: next.map(({ name, before, fields }) => ({
      object: name,
      before: before?.fields ?? null,
      after: fields,
    })),
  });
}

/** Throws unless the transaction itself has read what it wrote. */
function refuseOther(
  { key, name, fields }: NextObject,
  objects: ReadonlyMap<string, StoredObject>,
  isFresh: boolean,
): void {
  const object = objects.get(key.toString());
  // Of an earlier try it is only known that it was written; somebody may have written again since.
  if (object === undefined || (isFresh && !sameJson(object.fields, fields)))
    throw new ImpossibleState(`${name} was written and is not what was written`);
}

function rangeOf(answer: IResponseOp | undefined): readonly IKeyValue[] {
  return answer?.response_range.kvs ?? [];
}

function describe(changes: readonly Change[]): string {
  const names = [...new Set(changes.map(({ kind, tags }) => objectName(kind, tags)))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function asJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

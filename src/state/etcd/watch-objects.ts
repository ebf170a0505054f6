import type { Etcd3, IEvent, IKeyValue } from 'etcd3';
import { realDelay } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import type { Millis } from '../../domain/instant.js';
import { InvalidObject } from '../errors.js';
import { matches } from '../selector.js';
import type { KindName, Selector, StoredObject } from '../store.js';
import { readObject, readObjects } from './read-objects.js';
import type { Selecting } from './select-objects.js';
import { watchStream } from './watch-stream.js';

/** Between two tries to follow the store. */
const AGAIN: Millis = 200;

/**
 * Each object as it is, then each change. Whatever ends the store's own watch (a member that restarts or hangs, a history
 * that was compacted, a token that was forgotten), the objects are listed anew, only what has changed meanwhile is told,
 * and the watch goes on from there; and so it does every so often without any reason, because a watch that has silently
 * died looks just like one without news. An object that was removed is told with no fields. Ends with the signal.
 */
export async function* watchObjects(
  source: Selecting,
  kind: KindName,
  where: Selector,
  signal: AbortSignal,
): AsyncGenerator<StoredObject> {
  const stop = new AbortController();
  const inbox: StoredObject[] = [];
  let wake = (): void => undefined;
  const end = (): void => {
    stop.abort();
    wake();
  };
  const deliver = (object: StoredObject): void => {
    inbox.push(object);
    wake();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const following = follow(source, kind, where, deliver, stop.signal).finally(end);
  try {
    while (!stop.signal.aborted) {
      const object = inbox.shift();
      if (object !== undefined) yield object;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
    await following;
  }
}

async function follow(
  source: Selecting,
  kind: KindName,
  where: Selector,
  deliver: (object: StoredObject) => void,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, keys, times, troubles } = source;
  /** The revision of each object that was told last, by key. */
  const told = new Map<string, number>();

  const tell = (key: string, object: StoredObject): void => {
    if ((told.get(key) ?? 0) >= object.revision) return;
    told.set(key, object.revision);
    if (matches(where, object.tags)) deliver(object);
  };
  const listAnew = async (): Promise<{ client: Etcd3; revision: number }> => {
    const { client, answer } = await cluster.ask(
      times.read,
      `the ${kind} objects cannot be followed`,
      async (asked, call) => ({ client: asked, answer: await asked.kv.range(keys.ofKind(kind), call) }),
    );
    const { objects, broken, revision } = readObjects(keys, kind, answer);
    for (const [key, { error }] of broken) troubles.begin(key, `${key}: ${error.message}`);
    for (const [key, object] of inOrder(objects)) tell(key, object);
    for (const key of [...told.keys()]) if (!objects.has(key) && !broken.has(key)) remove(key, revision);
    return { client, revision };
  };
  const remove = (key: string, revision: number): void => {
    const tags = keys.tagsOf(kind, key);
    if (tags === undefined || !told.has(key)) return;
    tell(key, { kind, tags, fields: {}, revision });
    told.delete(key);
  };
  const take = ({ type, kv }: IEvent): void => {
    const key = kv.key.toString();
    if (type === 'Delete') remove(key, Number(kv.mod_revision));
    else takeValue(key, kv);
  };
  const takeValue = (key: string, pair: IKeyValue): void => {
    const tags = keys.tagsOf(kind, key);
    if (tags === undefined) return;
    try {
      tell(key, readObject(kind, tags, pair));
      troubles.end(key, `${key} is a ${kind} object again`);
    } catch (error) {
      if (!(error instanceof InvalidObject)) throw error;
      troubles.begin(key, `${key}: ${error.message}`);
    }
  };

  let failures = 0;
  while (!signal.aborted) {
    try {
      const { client, revision } = await listAnew();
      await watchStream(client, keys.ofKind(kind), {
        from: revision + 1,
        answerWithin: times.attempt,
        endAfter: times.reconcile,
        signal,
        begun() {
          failures = 0;
          troubles.end(`watch/${kind}`, `the changes of the ${kind} objects are followed again`);
        },
        event: take,
      });
    } catch (error) {
      failures += 1;
      // A member that restarts is no trouble, and that nobody answers has been told already.
      if (failures > 1 && !cluster.isDown)
        troubles.begin(
          `watch/${kind}`,
          `the changes of the ${kind} objects cannot be followed (${explainError(error)})`,
        );
      await realDelay(AGAIN, signal).catch(() => undefined);
    }
  }
}

function inOrder(objects: ReadonlyMap<string, StoredObject>): [string, StoredObject][] {
  return [...objects].sort(([, a], [, b]) => a.revision - b.revision);
}

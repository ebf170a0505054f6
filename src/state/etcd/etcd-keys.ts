import { Range } from 'etcd3';
import { InvalidObject } from '../errors.js';
import { kinds } from '../kinds.js';
import type { LockName } from '../locks.js';
import { type KindName, type Tags, objectName } from '../store.js';

/** All keys below a prefix that ends with a slash. */
export interface KeyRange {
  readonly key: Buffer;
  readonly range_end: Buffer;
}

/** Where everything is. */
export interface EtcdKeys {
  /** Throws InvalidObject for tags that would name something else, such as one with a slash. */
  object(kind: KindName, tags: Tags): Buffer;
  /** Undefined for a key that is not spelled as the kind spells its own. */
  tagsOf(kind: KindName, key: string): Tags | undefined;
  ofKind(kind: KindName): KeyRange;
  /** There, on a lease, while the lock is held; its value tells by whom. */
  lock(name: LockName): Buffer;
  lockNameOf(key: string): LockName;
  locks(): KeyRange;
  /** There for ever: who took the lock last. Its revision is the fence. */
  taken(name: LockName): Buffer;
  /** One key for each write: who, why, from what to what. Their order is that of the times they begin with. */
  logEntry(at: string, token: string): Buffer;
  log(): KeyRange;
}

export function etcdKeys(prefix: string, ownPrefix: string): EtcdKeys {
  const tagsOf = (kind: KindName, key: string): Tags | undefined => {
    const relative = key.slice(prefix.length + 1);
    const values = relative.split('/').slice(1);
    const tags = Object.fromEntries(kinds[kind].tags.map((tag, index) => [tag, values[index] ?? '']));
    const isWhole = values.length === kinds[kind].tags.length && values.every((value) => value !== '');
    return isWhole && kinds[kind].path(tags) === relative ? tags : undefined;
  };
  const own = (folder: string, name: string): Buffer => Buffer.from(`${ownPrefix}/${folder}/${name}`);
  return {
    object(kind, tags) {
      const key = `${prefix}/${kinds[kind].path(tags)}`;
      if (tagsOf(kind, key) === undefined)
        throw new InvalidObject(`${objectName(kind, tags)} cannot be the name of an object: ${key}`);
      return Buffer.from(key);
    },
    tagsOf,
    ofKind: (kind) => below(`${prefix}/${kinds[kind].path({}).split('/')[0] ?? ''}/`),
    lock: (name) => own('locks', name),
    lockNameOf: (key) => key.slice(`${ownPrefix}/locks/`.length),
    locks: () => below(`${ownPrefix}/locks/`),
    taken: (name) => own('taken', name),
    logEntry: (at, token) => own('log', `${at}-${token}`),
    log: () => below(`${ownPrefix}/log/`),
  };
}

function below(prefix: string): KeyRange {
  const { start, end } = Range.prefix(prefix);
  return { key: start, range_end: end };
}

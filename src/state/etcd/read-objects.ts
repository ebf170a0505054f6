import type { IKeyValue, IRangeResponse } from 'etcd3';
import { z } from 'zod';
import { InvalidObject } from '../errors.js';
import { validateFields } from '../kinds.js';
import { type Fields, type KindName, type StoredObject, type Tags, objectName } from '../store.js';
import type { EtcdKeys } from './etcd-keys.js';

/** The keys of one kind, as a listing of the store gave them. */
export interface ReadObjects {
  /** The store's own, at which all of it was true at once. */
  readonly revision: number;
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** What is there and is no object of its kind; by key. */
  readonly broken: ReadonlyMap<string, { readonly tags: Tags; readonly error: InvalidObject }>;
}

const fieldsOfAnything = z.record(z.string(), z.json());

/** Pure. Keys that cannot be the name of an object of the kind are none of its objects. */
export function readObjects(keys: EtcdKeys, kind: KindName, { header, kvs }: IRangeResponse): ReadObjects {
  const objects = new Map<string, StoredObject>();
  const broken = new Map<string, { tags: Tags; error: InvalidObject }>();
  for (const pair of kvs) {
    const key = pair.key.toString();
    const tags = keys.tagsOf(kind, key);
    if (tags === undefined) continue;
    try {
      objects.set(key, readObject(kind, tags, pair));
    } catch (error) {
      if (!(error instanceof InvalidObject)) throw error;
      broken.set(key, { tags, error });
    }
  }
  return { revision: Number(header.revision), objects, broken };
}

/** Throws InvalidObject, which names the object and what is wrong with it. */
export function readObject(kind: KindName, tags: Tags, pair: IKeyValue): StoredObject {
  const fields = fieldsIn(kind, tags, pair.value.toString());
  return { kind, tags, fields, revision: Number(pair.mod_revision) };
}

function fieldsIn(kind: KindName, tags: Tags, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidObject(`${objectName(kind, tags)} is refused: what the store holds is not JSON`);
  }
  const fields = fieldsOfAnything.safeParse(value);
  if (!fields.success)
    throw new InvalidObject(`${objectName(kind, tags)} is refused: what the store holds has no fields`);
  return validateFields(kind, tags, fields.data);
}

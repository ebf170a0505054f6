import { sameJson } from '../../domain/json.js';
import { StateConflict } from '../errors.js';
import { validateFields } from '../kinds.js';
import { type Change, type Fields, type StoredObject, objectName } from '../store.js';
import type { EtcdKeys } from './etcd-keys.js';
import type { ReadObjects } from './read-objects.js';

/** An object with all changes of it applied. */
export interface NextObject {
  readonly key: Buffer;
  readonly name: string;
  readonly before: StoredObject | undefined;
  readonly fields: Fields;
}

/**
 * What shall be in the store, one entry for each object, in the order of the changes; a later change of an object sees
 * the earlier one. Throws StateConflict with both values, or InvalidObject, also for an object that is not as its kind
 * wants it already: it would be mended by accident. Pure.
 */
export function applyChanges(
  keys: EtcdKeys,
  seen: Pick<ReadObjects, 'objects' | 'broken'>,
  changes: readonly Change[],
): NextObject[] {
  const next = new Map<string, NextObject>();
  for (const { kind, tags, from, to } of changes) {
    const [key, name] = [keys.object(kind, tags), objectName(kind, tags)];
    const id = key.toString();
    const broken = seen.broken.get(id);
    if (broken !== undefined) throw broken.error;
    const before = seen.objects.get(id);
    const fields = next.get(id)?.fields ?? before?.fields;
    for (const [field, expected] of Object.entries(from)) {
      const found = fields?.[field] ?? null;
      if (!sameJson(found, expected)) throw new StateConflict(name, field, expected, found);
    }
    next.set(id, { key, name, before, fields: validateFields(kind, tags, { ...fields, ...to }) });
  }
  return [...next.values()];
}

import { kinds } from '../src/state/kinds.js';
import type { Fields, KindName, Tags } from '../src/state/store.js';

interface LabObject {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly fields: Fields;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Writes objects into the lab's store whatever is there, and forgets locks and logs: the first state. */
export async function putObjects(
  endpoint: string,
  objects: readonly LabObject[],
  [prefix, ownPrefix]: readonly [string, string],
): Promise<void> {
  const own = { key: base64(`${ownPrefix}/`), range_end: base64(`${ownPrefix}0`) };
  const success = [
    { request_delete_range: own },
    ...objects.map(({ kind, tags, fields }) => ({
      request_put: {
        key: base64(`${prefix}/${kinds[kind].path(tags)}`),
        value: base64(JSON.stringify(fields)),
      },
    })),
  ];
  const response = await fetch(`${endpoint}/v3/kv/txn`, {
    method: 'POST',
    body: JSON.stringify({ success }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the lab's store refuses its objects: ${await response.text()}`);
}

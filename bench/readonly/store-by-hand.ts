import type { Json } from '../../src/domain/json.js';
import { kinds } from '../../src/state/kinds.js';
import type { KindName, Tags } from '../../src/state/store.js';

export interface FieldByHand {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly field: string;
  readonly value: Json;
}

/** Writes to the state store as a tool beside switchdc does, over HTTP: objects are read, changed and written. */
export interface StoreByHand {
  /** One after the other, each read, written and read back. Throws where it is not as written. */
  setAndVerify(fields: readonly FieldByHand[]): Promise<void>;
  /** In one transaction. */
  setTogether(fields: readonly FieldByHand[]): Promise<void>;
}

const PREFIX = '/conftool/v1';

interface Kept {
  readonly key: string;
  readonly object: Readonly<Record<string, Json>>;
}

export function storeByHand(endpoint: string): StoreByHand {
  const post = async (method: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${endpoint}/v3/kv/${method}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`the state store refuses: ${await response.text()}`);
    return response.json();
  };
  const read = async ({ kind, tags }: FieldByHand): Promise<Kept> => {
    const key = base64(`${PREFIX}/${kinds[kind].path(tags)}`);
    const { kvs = [] } = (await post('range', { key })) as { kvs?: { value: string }[] };
    const [found] = kvs;
    if (found === undefined) throw new Error(`the state store has no ${kinds[kind].path(tags)}`);
    return { key, object: JSON.parse(Buffer.from(found.value, 'base64').toString()) as Kept['object'] };
  };
  const changed = ({ key, object }: Kept, { field, value }: FieldByHand) => ({
    key,
    value: base64(JSON.stringify({ ...object, [field]: value })),
  });
  return {
    async setAndVerify(fields) {
      for (const one of fields) await post('put', changed(await read(one), one));
      for (const one of fields)
        if ((await read(one)).object[one.field] !== one.value)
          throw new Error(`${kinds[one.kind].path(one.tags)} is not as it was written`);
    },
    async setTogether(fields) {
      const kept = await Promise.all(fields.map(read));
      const success = fields.flatMap((one, index) => {
        const before = kept[index];
        return before === undefined ? [] : [{ request_put: changed(before, one) }];
      });
      await post('txn', { success });
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

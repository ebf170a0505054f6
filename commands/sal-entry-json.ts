import type { Json } from '../src/domain/json.js';
import { isoMillis } from '../src/domain/instant.js';
import type { SalEntry } from '../src/sal/entry.js';

/** One entry of the Server Admin Log as other programs read it. Pure. */
export function salEntryJson({ id, at, author, project, message, source }: SalEntry): Json {
  return { id, at: isoMillis(at), author, project, message, source: { ...source } };
}

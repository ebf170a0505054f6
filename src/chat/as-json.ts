import type { Json } from '../domain/json.js';

/**
 * A value that is made of plain data, as its JSON text would be read back: fields that are undefined are gone. For
 * types with named fields, which TypeScript does not take for Json. Pure.
 */
export function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

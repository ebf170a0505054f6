import type { Json } from '../domain/json.js';

/** JSON for people and programs; characters that could steer a terminal are written as escapes. Pure. */
export function jsonText(value: Json): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

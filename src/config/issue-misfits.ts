import type { z } from 'zod';
import { type Misfit, keyMisfit, misfitAt } from './misfit.js';
import type { ConfigPath } from './path-text.js';
import { type Raw, rawAt } from './raw.js';
import { schemaAt } from './schema-at.js';

/** What a schema's issue says, in our words: one mistake, or one for each key that is not known. Pure. */
export function issueMisfits(issue: z.core.$ZodIssue, raw: Raw, schema: z.core.$ZodType): readonly Misfit[] {
  const path = issue.path as ConfigPath;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = schemaAt(schema, raw, path).keys ?? [];
      // What an unknown key holds is never quoted: nobody has said that it is not a password.
      return issue.keys.map((key) =>
        keyMisfit([...path, key], 'unknown key', `one of ${keys.join(', ')}`, keys),
      );
    }
    case 'invalid_key':
      return [keyMisfit(path, 'not a name', issue.issues[0]?.message ?? issue.message, [])];
    case 'invalid_value':
      return [
        misfitAt(
          raw,
          path,
          issue.message,
          issue.values.filter((value) => typeof value === 'string'),
        ),
      ];
    case 'invalid_union':
      return [misfitAt(raw, path, issue.message, 'options' in issue ? words(issue.options) : [])];
    case 'invalid_type': {
      const misfit = misfitAt(raw, path, issue.message);
      const isLength = schemaAt(schema, raw, path).holds === 'length of time';
      return [issue.expected === 'string' ? asText(misfit, rawAt(raw, path), isLength) : misfit];
    }
    default:
      return [misfitAt(raw, path, issue.message)];
  }
}

/** Two mistakes that everybody makes in YAML: a number where a text was meant, and a length without its unit. */
function asText(misfit: Misfit, value: Raw, isLength: boolean): Misfit {
  if (typeof value !== 'number' && typeof value !== 'boolean') return misfit;
  const suggestion = isLength
    ? `write the unit, such as ${String(value)} s`
    : `write it in quotes: "${String(value)}"`;
  return { ...misfit, suggestion };
}

function words(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

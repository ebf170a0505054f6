import { z } from 'zod';
import { type Millis, formatLength } from '../../domain/instant.js';
import { oneLine } from '../../domain/text.js';
import { holds } from './holds.js';
import { parseLengthOfTime } from '../length-of-time.js';

/**
 * The leaves of the schema. Each is refused with one sentence that says what would have been right, whatever it is
 * that is wrong with it; who found what where is added by the one place that turns issues into mistakes.
 */

/** A word that names something: a datacenter, a role, a person. */
export function name(what: string, example: string): z.ZodType<string> {
  const expected = `${what}: lower-case letters, digits and hyphens, at most 32, such as ${example}`;
  return z.string({ error: expected }).regex(/^[a-z][a-z0-9-]{0,31}$/, { error: expected });
}

/** Text of one line that people read. */
export function line(what: string, most = 200): z.ZodType<string> {
  const expected = `${what}: one line of at most ${most} characters`;
  return z
    .string({ error: expected })
    .refine((text) => text !== '' && text.length <= most && oneLine(text) === text, { error: expected });
}

/** Text of a certain form. */
export function matching(pattern: RegExp, expected: string): z.ZodType<string> {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

export const path = matching(/^[^\0]{1,4096}$/, 'the path of a file');

export const endpoint = (example: string): z.ZodType<string> =>
  matching(/^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, `host:port, such as ${example}`);

export const yesOrNo = z.boolean({ error: 'true or false' });

/** A length of time with its unit; becomes milliseconds. */
export function length(least: Millis, most: Millis, example: string): z.ZodType<Millis> {
  const expected = `a length of time from ${formatLength(least)} to ${formatLength(most)}, such as ${example}`;
  return z
    .string({ error: expected })
    .transform((text, issues) => {
      const millis = parseLengthOfTime(text);
      if (millis !== undefined && millis >= least && millis <= most) return millis;
      issues.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .meta(holds('length of time'));
}

export function whole(what: string, least: number, most: number): z.ZodType<number> {
  const expected = `${what}: a whole number from ${least} to ${most}`;
  return z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
}

export function number(what: string, least: number, most: number): z.ZodType<number> {
  const expected = `${what}: a number from ${least} to ${most}`;
  return z.number({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
}

export function oneOf<const T extends readonly [string, ...string[]]>(
  values: T,
  what = 'one of',
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: `${what} ${values.join(', ')}` });
}

/** A section with exactly these keys; the issue of a key it does not know is worded where the keys are known. */
export function section<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? undefined
        : `a section with the keys ${Object.keys(shape).join(', ')}`,
  });
}

export function list<E extends z.ZodType>(of: E, what: string, least = 0, most = 1_000): z.ZodArray<E> {
  const expected = `a list of ${least > 0 ? `at least ${least} and ` : ''}at most ${most} ${what}`;
  return z.array(of, { error: expected }).min(least, { error: expected }).max(most, { error: expected });
}

/** A section whose keys are names of the site's own. */
export function named<V extends z.ZodType>(
  key: z.ZodType<string>,
  value: V,
  what: string,
): z.ZodRecord<z.ZodType<string, string>, V> {
  return z.record(key as z.ZodType<string, string>, value, { error: `a section of ${what} by name` });
}

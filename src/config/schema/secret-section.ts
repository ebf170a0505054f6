import type { z } from 'zod';
import { matching, section } from './fields.js';
import { holds } from './holds.js';

const EXPECTED = 'either file: a path, or env: the name of an environment variable; never the secret itself';

/**
 * A reference to a secret. The secret itself is never in the configuration, so that the file can be shown and shared;
 * values below a schema marked `secret` are never quoted, for the day when somebody types one there all the same.
 */
export const secretReference = section({
  file: matching(/^[^\0]{1,4096}$/, EXPECTED).optional(),
  env: matching(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, EXPECTED).optional(),
})
  .refine((reference) => (reference.file === undefined) !== (reference.env === undefined), {
    error: EXPECTED,
  })
  .meta(holds('secret'));

export type SecretReference = z.output<typeof secretReference>;

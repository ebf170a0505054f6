import { z } from 'zod';
import { InvalidObject } from './errors.js';
import { type Fields, type KindName, type Tags, objectName } from './store.js';

export interface Kind {
  readonly name: KindName;
  /** The tags that name an object, in the order of its key's path. */
  readonly tags: readonly string[];
  readonly fields: z.ZodObject;
  /** The key below the store's prefix. */
  path(tags: Tags): string;
}

const discovery: Kind = {
  name: 'discovery',
  tags: ['dnsdisc', 'name'],
  fields: z.strictObject({
    pooled: z.boolean(),
    references: z.array(z.string()),
    ttl: z.number().int().min(0).max(86_400),
  }),
  path: (tags) => `discovery/${tags['dnsdisc'] ?? ''}/${tags['name'] ?? ''}`,
};

const mwconfig: Kind = {
  name: 'mwconfig',
  tags: ['scope', 'name'],
  fields: z.strictObject({ val: z.union([z.boolean(), z.string().min(1).max(2_000)]) }),
  path: (tags) => `mediawiki-config/${tags['scope'] ?? ''}/${tags['name'] ?? ''}`,
};

const geodns: Kind = {
  name: 'geodns',
  tags: ['geodns', 'name'],
  fields: z.strictObject({ pooled: z.enum(['yes', 'no']) }),
  path: (tags) => `geodns/${tags['geodns'] ?? ''}/${tags['name'] ?? ''}`,
};

/** The kinds of objects, their schemas and keys: the layout that conftool gave them. */
export const kinds: Readonly<Record<KindName, Kind>> = { discovery, mwconfig, geodns };

/** Returns the fields as the kind wants them, or throws InvalidObject naming the field. Pure. */
export function validateFields(kind: KindName, tags: Tags, fields: Fields): Fields {
  const parsed = kinds[kind].fields.safeParse(fields);
  if (parsed.success) return parsed.data as Fields;
  const problem = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'the object'}: ${issue.message}`)
    .join('; ');
  throw new InvalidObject(`${objectName(kind, tags)} is refused: ${problem}`);
}

import { z } from 'zod';
import type { ConfigPath } from './path-text.js';
import { type Raw, rawAt } from './raw.js';
import type { Holds } from './schema/holds.js';

type Schema = z.core.$ZodType;

export interface SchemaAt {
  /** The keys a section has there; undefined where there is no section of known keys. */
  readonly keys: readonly string[] | undefined;
  /** What the place, or something around it, is marked to hold. */
  readonly holds: Holds | undefined;
}

/** What the schema says about the place at a path. `raw` decides which of several shapes is meant. Pure. */
export function schemaAt(schema: Schema, raw: Raw, path: ConfigPath): SchemaAt {
  const chain = [unwrapped(schema)];
  for (const [depth, part] of path.entries()) {
    const parent = chain[depth];
    const child = parent && childOf(optionOf(parent, rawAt(raw, path.slice(0, depth))), part);
    if (child === undefined) return { keys: undefined, holds: markOf(chain) };
    chain.push(unwrapped(child));
  }
  const last = chain.at(-1);
  const section = last && optionOf(last, rawAt(raw, path));
  return {
    keys: section instanceof z.ZodObject ? Object.keys(section.shape) : undefined,
    holds: markOf(chain),
  };
}

function childOf(schema: Schema | undefined, part: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, Schema>>;
    return Object.hasOwn(shape, part) ? shape[part] : undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

/** Defaults and the like taken off. */
function unwrapped(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrapped(schema.unwrap());
  return schema;
}

/** Of a union the option that the value chooses, by the key that tells them apart. */
function optionOf(schema: Schema, value: Raw): Schema | undefined {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  return schema.options.find((option) => {
    const tag = childOf(option, discriminator);
    return tag instanceof z.ZodLiteral && tag.value === rawAt(value, [discriminator]);
  });
}

function markOf(chain: readonly Schema[]): Holds | undefined {
  for (const schema of chain) {
    const mark = z.globalRegistry.get(schema)?.['holds'];
    if (mark === 'secret' || mark === 'length of time') return mark;
  }
  return undefined;
}

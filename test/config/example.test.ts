import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import { installationOf } from '../../src/config/installation-of.js';
import { type ConfigPath, pathText } from '../../src/config/path-text.js';
import { renderMistakes } from '../../src/config/render-mistakes.js';
import { configFile } from '../../src/config/schema/config-file.js';
import { readYaml } from '../../src/config/yaml/read-yaml.js';
import { defaultInventory } from '../../src/simulation/default-inventory.js';
import { defaultOperations } from '../../src/simulation/default-operations.js';
import { loadText } from './sources.js';

const example = readFileSync(new URL('../../switchdc.example.yaml', import.meta.url), 'utf8');
/** With every setting that is off turned on, by taking `#:` away as the head of the file says. */
const everything = example.replace(/^( *)#:/gm, '$1');

type Schema = z.core.$ZodType;

/** Defaults and the like taken off. */
function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap());
  return schema;
}

const keyNames = (schema: Schema): string =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).join() : '';

/** Sections that look alike, such as the kinds of approval: what their keys mean is said at the first of them. */
function areAlike(shape: Record<string, Schema>): boolean {
  const [first = '', ...others] = Object.values(shape).map((value) => keyNames(bare(value)));
  return first !== '' && others.length > 0 && others.every((other) => other === first);
}

const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** `wiki.drain`, `people[].identities[].irc`, `roles.*.may`: every key that there is, with the path of what it holds. */
function keysOf(written: Schema, path = ''): [key: string, inner: string][] {
  const schema = bare(written);
  // What a reference to a secret is made of is said once, in the list of secrets.
  if (z.globalRegistry.get(schema)?.['holds'] === 'secret' && path !== 'secrets[]') return [];
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, Schema>;
    const alike = areAlike(shape);
    return Object.entries(shape).flatMap(([key, value]) => {
      const inner = joined(path, alike ? '*' : key);
      return [[joined(path, key), inner], ...keysOf(value, inner)];
    });
  }
  if (schema instanceof z.ZodArray) return keysOf(schema.element, `${path}[]`);
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType, `${path}.*`);
  if (schema instanceof z.ZodDiscriminatedUnion)
    return schema.options.flatMap((option) => keysOf(option, path));
  return [];
}

const known = new Map(keysOf(configFile));

/** Every key in a value, by the schema's name for it, with where it is; names of the site's own are left out. */
function keysIn(value: unknown, path = '', at: ConfigPath = []): { key: string; at: ConfigPath }[] {
  if (Array.isArray(value))
    return value.flatMap((element: unknown, index) => keysIn(element, `${path}[]`, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const key = joined(path, name);
    const own = [...at, name];
    const innerPath = known.get(key);
    return innerPath === undefined
      ? keysIn(inner, `${path}.*`, own)
      : [{ key, at: own }, ...keysIn(inner, innerPath, own)];
  });
}

const yaml = readYaml(everything);
if (!yaml.ok) throw new Error(renderMistakes(yaml.mistakes));
const shown = keysIn(yaml.value);
const lines = everything.split('\n');

/** A comment on the same line, or on the line before: for the first key of a list's element that of the dash. */
function hasComment(at: ConfigPath): boolean {
  const line = yaml.ok ? yaml.positions.key(pathText(at))?.line : undefined;
  if (line === undefined) throw new Error(`it is not known where ${pathText(at)} is`);
  return /^\s*(- )?#/.test(lines[line - 2] ?? '') || /\s#\s/.test(lines[line - 1] ?? '');
}

describe('switchdc.example.yaml', () => {
  test('shows every key that there is', () => {
    const keys = new Set(shown.map(({ key }) => key));
    expect([...known.keys()].filter((key) => !keys.has(key))).toEqual([]);
    expect(known.size).toBeGreaterThan(100);
  });

  test('says of every key what it means', () => {
    const commented = new Set(shown.filter(({ at }) => hasComment(at)).map(({ key }) => key));
    expect([...known.keys()].filter((key) => !commented.has(key))).toEqual([]);
  });

  test('is the embedded configuration', async () => {
    const loaded = await loadText(example);
    if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
    expect(loaded.config).toEqual(embeddedDefaults('alice'));
  });

  test('has no mistake with everything turned on', async () => {
    const loaded = await loadText(
      everything,
      { '/etc/switchdc/secret': 'hunter22\n' },
      { SWITCHDC_SECRET: 'swordfish' },
    );
    if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
    const { config } = loaded;
    expect(config.secrets.map((secret) => secret.reveal())).toEqual(['hunter22', 'swordfish']);
    expect(config.calendar.overrides.map(({ kind }) => kind)).toEqual([
      'move',
      'retime',
      'extend',
      'extend',
      'cancel',
    ]);
    expect(config.hosts).toEqual({
      inventory: defaultInventory(installationOf(config)),
      operations: defaultOperations(),
    });
  });

  test('defines the roles that manual tasks are assigned to', () => {
    const roles = embeddedDefaults('alice').roles.map(({ name }) => name);
    for (const role of [
      'operator',
      'dba',
      'traffic',
      'service-operations',
      'release-engineering',
      'community-relations',
    ])
      expect(roles).toContain(role);
  });
});

import type { ConfigPath } from './path-text.js';

/** What a configuration file holds, before anything is known about it. */
export type Raw = unknown;

/** The value at a path, or undefined where there is none. Pure. */
export function rawAt(raw: Raw, path: ConfigPath): Raw {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, Raw>)[part];
  }
  return value;
}

/** The elements of the list at a path, each with its own path; none where there is no list. Pure. */
export function elementsAt(raw: Raw, path: ConfigPath): readonly { path: ConfigPath; value: Raw }[] {
  const list = rawAt(raw, path);
  return Array.isArray(list) ? list.map((value: Raw, index) => ({ path: [...path, index], value })) : [];
}

/** The entries of the section at a path, each with its own path; none where there is no section. Pure. */
export function entriesAt(
  raw: Raw,
  path: ConfigPath,
): readonly { path: ConfigPath; key: string; value: Raw }[] {
  const section = rawAt(raw, path);
  if (typeof section !== 'object' || section === null || Array.isArray(section)) return [];
  return Object.entries(section).map(([key, value]: [string, Raw]) => ({ path: [...path, key], key, value }));
}

import { stringify } from 'yaml';
import { expect, test } from '@jest/globals';
import { embeddedData } from '../../src/config/embedded-data.js';
import { mistakesIn } from './sources.js';

export type Data = Record<string, unknown>;

/** The embedded configuration, as a file, with something changed. */
export function changed(change: (data: Data) => void): string {
  const data = structuredClone(embeddedData('alice')) as Data;
  change(data);
  return stringify(data);
}

/** Sets what is at a path such as `people.2.roles.0`; undefined takes it out. */
export const setting =
  (path: string, value: unknown) =>
  (data: Data): void => {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const parent = parts.reduce<Data>((at, part) => (at[part] ??= {}) as Data, data);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  };

export type Row = readonly [
  what: string,
  change: (data: Data) => void,
  path: string,
  found: string,
  expected: RegExp,
  suggestion?: string,
];

/** Each row is one thing done wrong, and the one mistake that is told of it. */
export function tellsOf(rows: readonly Row[]): void {
  test.each(rows)('%s', async (...[, change, path, found, expected, suggestion]) => {
    const mistakes = await mistakesIn(changed(change));
    const own = mistakes.filter((mistake) => mistake.path === path);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      file: 'switchdc.yaml',
      found,
      expected: expect.stringMatching(expected) as unknown,
    });
    expect(own[0]?.suggestion).toBe(suggestion);
    expect(own[0]?.at).toBeDefined();
    // The hosts of these rows have no more than they need: what else is missing there is told as well.
    if (!path.startsWith('hosts')) expect(mistakes).toHaveLength(1);
  });
}

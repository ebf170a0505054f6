import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface PackageFile {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

interface LockFile {
  packages: Record<string, { version?: string; resolved?: string; integrity?: string }>;
}

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const { dependencies, devDependencies } = JSON.parse(read('package.json')) as PackageFile;
const lock = JSON.parse(read('package-lock.json')) as LockFile;
const all = { ...dependencies, ...devDependencies };

test('every dependency is pinned to one exact version', () => {
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});

test('docs/dependencies.md gives each dependency one line, and has no line too many', () => {
  const documented = [...read('docs/dependencies.md').matchAll(/^- `([^`]+)`: \S.{10,}$/gm)].map(
    ([, name]) => name,
  );
  expect(documented.sort()).toEqual(Object.keys(all).sort());
});

test('package-lock.json has a checksum for each package and no address to fetch it from', () => {
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
  // An entry without a version stands for an optional package of another platform: nothing is ever fetched for it.
  const unchecked = packages.filter(
    ([, entry]) => entry.version !== undefined && entry.integrity === undefined,
  );
  expect(unchecked.map(([name]) => name)).toEqual([]);
  expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([name]) => name)).toEqual([]);
});

test('package-lock.json names hosts only where a package asks for funding', () => {
  const hosts = (value: unknown, key: string): string[] => {
    if (key === 'funding') return [];
    if (typeof value === 'string') return /^[a-z+]+:\/\//.test(value) ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([inner, child]) => hosts(child, inner));
  };
  expect(hosts(lock, '')).toEqual([]);
});

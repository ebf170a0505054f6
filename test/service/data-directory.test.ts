import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dataDirectoryMistake } from '../../src/service/data-directory.js';
import { DataDirectoryUnusable } from '../../src/service/errors.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('a directory is right, also through a link; what is not there yet can become one', () => {
  using folder = temporaryFolder();
  mkdirSync(folder.file('there'));
  symlinkSync(folder.file('there'), folder.file('link'));
  for (const name of ['there', 'link', 'not-yet', 'not/yet/either'])
    expect(dataDirectoryMistake(folder.file(name))).toBeUndefined();
});

test('anything else is named, also where it stands above', () => {
  using folder = temporaryFolder();
  const file = folder.file('file');
  writeFileSync(file, '');
  execFileSync('mkfifo', [folder.file('pipe')]);
  expect(dataDirectoryMistake(file)).toBe(`${file} is not a data directory: it is a file`);
  expect(dataDirectoryMistake(`${file}/a/b`)).toBe(
    `${file}/a/b cannot be a data directory: ${file} is not a directory`,
  );
  expect(dataDirectoryMistake(folder.file('pipe'))).toMatch(/is not a data directory: it is something else$/);
});

test('what cannot even be looked at is unusable', () => {
  using folder = temporaryFolder();
  symlinkSync(folder.file('loop'), folder.file('loop'));
  expect(() => dataDirectoryMistake(folder.file('loop'))).toThrow(DataDirectoryUnusable);
});

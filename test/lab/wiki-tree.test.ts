import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { findMediaWiki } from '../../lab/wiki/mediawiki-tree.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('the MediaWiki of the lab is the one that lab/install has unpacked', () => {
  const { folder, version } = findMediaWiki();
  expect(existsSync(path.join(folder, 'api.php'))).toBe(true);
  expect(version).toMatch(/^1\.\d+/);
});

test('of several the newest is taken, and nothing that is only half there', () => {
  using cache = temporaryFolder();
  for (const name of ['mediawiki-1.39.9-1', 'mediawiki-1.39.17-1', '.unpacking-x', 'mediawiki-classes-1.40'])
    mkdirSync(cache.file(name));
  expect(findMediaWiki(cache.path)).toEqual({
    folder: cache.file('mediawiki-1.39.17-1/usr/share/mediawiki'),
    version: '1.39.17-1',
  });
});

test('where it is missing its packages are named, and what brings them', () => {
  using cache = temporaryFolder();
  expect(() => findMediaWiki(cache.file('none'))).toThrow(
    /Debian packages mediawiki and mediawiki-classes\). Run: lab\/install/,
  );
});

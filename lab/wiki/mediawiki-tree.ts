import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { labCache } from './lab-cache.js';

export interface MediaWikiTree {
  /** The folder with `api.php`; read only. */
  readonly folder: string;
  readonly version: string;
}

/** What MediaWiki needs of PHP, and the Debian package that has it. */
const EXTENSIONS = {
  apcu: 'php-apcu',
  curl: 'php-curl',
  dom: 'php-xml',
  intl: 'php-intl',
  mbstring: 'php-mbstring',
  mysqli: 'php-mysql',
} as const;

/** The newest MediaWiki that lab/install has unpacked. Throws, naming the packages, where one is missing. */
export function findMediaWiki(cache = labCache()): MediaWikiTree {
  refuseWithoutExtensions();
  const newest = (existsSync(cache) ? readdirSync(cache) : [])
    .filter((name) => /^mediawiki-\d/.test(name))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
  if (newest === undefined)
    throw new Error(
      `no MediaWiki in ${cache} (Debian packages mediawiki and mediawiki-classes). Run: lab/install`,
    );
  return {
    folder: path.join(cache, newest, 'usr', 'share', 'mediawiki'),
    version: newest.slice('mediawiki-'.length),
  };
}

function refuseWithoutExtensions(): void {
  let loaded: Set<string>;
  try {
    loaded = new Set(
      execFileSync('php', ['-m'], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.toLowerCase()),
    );
  } catch (error) {
    throw new Error('php does not run (Debian package php-cli). Run: lab/install', { cause: error });
  }
  const missing = Object.entries(EXTENSIONS).filter(([extension]) => !loaded.has(extension));
  if (missing.length > 0)
    throw new Error(
      `php lacks ${missing.map(([extension]) => extension).join(', ')} ` +
        `(Debian packages ${missing.map(([, name]) => name).join(', ')}). Run: lab/install`,
    );
}

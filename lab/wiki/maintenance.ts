import path from 'node:path';
import type { MediaWikiTree } from './mediawiki-tree.js';
import type { Program } from './run-program.js';

/** One of MediaWiki's maintenance scripts with its arguments, as a program to run. */
export function maintenance(
  { folder }: MediaWikiTree,
  [script = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Program {
  return { command: 'php', args: [path.join(folder, 'maintenance', script), ...args], env };
}

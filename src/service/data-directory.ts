import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataDirectoryUnusable } from './errors.js';

/**
 * What is wrong with a path that was given as the data directory: it is, or is below, something that is no directory.
 * Undefined for a directory, and for what is not there yet: it is made when it is first written to. Reads the file
 * system; throws DataDirectoryUnusable where that cannot be looked at.
 */
export function dataDirectoryMistake(directory: string): string | undefined {
  const path = resolve(directory);
  const found = kindOf(path);
  if (found === 'directory' || found === 'nothing') return undefined;
  if (found === 'below something else')
    return `${directory} cannot be a data directory: ${notADirectoryAbove(path)} is not a directory`;
  return `${directory} is not a data directory: it is ${found}`;
}

type Kind = 'directory' | 'a file' | 'something else' | 'nothing' | 'below something else';

function kindOf(path: string): Kind {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return 'directory';
    return found.isFile() ? 'a file' : 'something else';
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return 'nothing';
    if (code === 'ENOTDIR') return 'below something else';
    throw new DataDirectoryUnusable(path, error);
  }
}

/** The nearest one above, which is there and is no directory. */
function notADirectoryAbove(path: string): string {
  const above = dirname(path);
  return above === path || kindOf(above) !== 'below something else' ? above : notADirectoryAbove(above);
}

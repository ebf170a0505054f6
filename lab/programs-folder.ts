import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the programs of the lab's hosts are: first on their PATH. Beside this file, or beside what it was compiled from:
 * programs are not copied by the compiler.
 */
export function programsFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const source = here.includes(`${path.sep}dist${path.sep}`) ? path.join(here, '..', '..', 'lab') : here;
  return path.join(source, 'programs');
}

import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The PHP beside this file, or beside what it was compiled from: it is not copied by the compiler. */
export function settingsFile(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const source = here.includes(`${path.sep}dist${path.sep}`)
    ? path.join(here, '..', '..', '..', 'lab', 'wiki')
    : here;
  return path.join(source, 'settings.php');
}

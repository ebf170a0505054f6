import { homedir } from 'node:os';
import path from 'node:path';

/** Where things are kept that take long to make and are the same for every lab of this person. */
export function labCache(): string {
  const cache = process.env['XDG_CACHE_HOME'];
  const base = cache === undefined || cache === '' ? path.join(homedir(), '.cache') : cache;
  return path.join(base, 'switchdc-lab');
}

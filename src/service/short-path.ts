import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Bytes that the path of a unix socket may have: 108 on Linux, 104 on macOS, an end mark included. */
export const LONGEST_SOCKET_PATH = 100;

/**
 * Calls `use` with a path to the directory that leaves room for `name` in a socket's address. Where the directory's own
 * path is too long, it is a link in the temporary directory, which only has to live while a socket is bound or reached.
 */
export async function withShortPath<T>(
  directory: string,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const whole = resolve(directory);
  if (Buffer.byteLength(join(whole, name)) <= LONGEST_SOCKET_PATH) return use(whole);
  const temporary = await mkdtemp(join(tmpdir(), 'switchdc-'));
  try {
    const link = join(temporary, 'd');
    await symlink(whole, link, 'dir');
    return await use(link);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

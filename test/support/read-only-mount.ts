import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Ended, ended } from './switchdc.js';

const CLI = resolve(import.meta.dirname, '../../dist/src/cli.js');

/** Mounts of its own, which end with the process; whoever is not root becomes so in a namespace of users. */
const UNSHARE = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

const MOUNT = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';

/** Some containers let nobody mount anything. */
export function mayMount(): boolean {
  const probe = [...UNSHARE, 'sh', '-c', MOUNT, import.meta.dirname, 'true'];
  return spawnSync(probe[0]!, probe.slice(1)).status === 0;
}

/** Runs one command line for which this folder is a read-only file system; for everybody else it is as before. */
export async function switchdcOnReadOnly(folder: string, args: readonly string[]): Promise<Ended> {
  const words = [...UNSHARE, 'sh', '-c', MOUNT, folder, process.execPath, CLI, ...args];
  const child = spawn(words[0]!, words.slice(1), { env: { ...process.env, NO_COLOR: '1' } });
  child.stdin.end();
  return ended(child);
}

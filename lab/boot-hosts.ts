import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { programsFolder } from './programs-folder.js';
import type { SshHost } from './ssh-host.js';

/** Hosts at once: each starts a few programs. */
const AT_ONCE = 8;

/** Puts hosts into their first state: nothing locked or disabled, their services running. The store must answer. */
export async function bootHosts(hosts: readonly SshHost[]): Promise<void> {
  const left = [...hosts];
  const worker = async (): Promise<void> => {
    for (let host = left.shift(); host !== undefined; host = left.shift())
      await promisify(execFile)(path.join(programsFolder(), 'boot-host'), [], {
        env: { ...process.env, ...host.env },
        timeout: 20_000,
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

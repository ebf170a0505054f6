import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export interface Memory {
  readonly runs: number;
  readonly rssMiB: number;
  readonly bareNodeMiB: number;
}

/** What a process holds after many runs, beside a bare Node process. Each is measured in a process of its own. */
export function memoryAfter(runs: number): Memory {
  const directory = mkdtempSync(join(tmpdir(), 'switchdc-bench-'));
  const script = fileURLToPath(new URL('./memory-child.js', import.meta.url));
  const rssOf = (args: readonly string[]): number =>
    Number(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()) / 2 ** 20;
  try {
    const bareNodeMiB = rssOf(['-e', 'console.log(process.memoryUsage.rss())']);
    const rssMiB = rssOf(['--expose-gc', script, directory, String(runs)]);
    return { runs, rssMiB, bareNodeMiB };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

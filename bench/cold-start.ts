import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url));
const TIMES = 7;

export interface ColdStart {
  /** Medians, in milliseconds. */
  readonly bareNodeMs: number;
  readonly helpMs: number;
  readonly serviceReadyMs: number;
}

/** From the start of a process to its answer: a bare Node, one command, the service until it says that it is ready. */
export async function coldStart(): Promise<ColdStart> {
  const bare: number[] = [];
  const help: number[] = [];
  const ready: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    bare.push(await untilExit(['-e', '0']));
    help.push(await untilExit([CLI, 'help']));
    ready.push(await untilReady());
  }
  return { bareNodeMs: median(bare), helpMs: median(help), serviceReadyMs: median(ready) };
}

async function untilExit(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - began;
}

async function untilReady(): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'switchdc-bench-'));
  try {
    const began = performance.now();
    const child = spawn(process.execPath, [CLI, 'serve', '--data', data], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    for await (const chunk of child.stdout) if (String(chunk).includes('is ready')) break;
    const took = performance.now() - began;
    child.stdin.end();
    child.stdout.resume();
    if (child.exitCode === null) await once(child, 'exit');
    return took;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

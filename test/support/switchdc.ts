import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface SwitchdcOptions {
  /** What is piped into it; its end is the end of input. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Which program of the build. */
  readonly program?: 'cli' | 'demo';
  /** No file that it writes may be longer, in units of 1,024 bytes: a disk that becomes full. Only a soft limit, so that a test can lift it. */
  readonly largestFile?: number;
}

/** How a process of ours ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line of the build to its end, as a shell would. */
export async function switchdc(args: readonly string[], options: SwitchdcOptions = {}): Promise<Ended> {
  const child = startSwitchdc(args, options);
  child.stdin.end(options.input ?? '');
  return ended(child);
}

/** Starts one; the caller sees to its end. */
export function startSwitchdc(
  args: readonly string[],
  { env, cwd, program = 'cli', largestFile }: SwitchdcOptions = {},
): ChildProcessWithoutNullStreams {
  const words = [process.execPath, resolve(root, `dist/src/${program}.js`), ...args];
  const limited =
    largestFile === undefined
      ? words
      : ['bash', '-c', `ulimit -S -f ${largestFile} && exec "$@"`, 'bash', ...words];
  const child = spawn(limited[0]!, limited.slice(1), {
    cwd: cwd ?? root,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  // One that ends before it has read everything is no mistake of the test.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Collects what it says until it has ended. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => (said[stream] += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}

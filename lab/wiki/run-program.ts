import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { labPath } from '../server-process.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file that it reads. */
  readonly stdin?: string;
  /** Milliseconds; 60 s unless told. */
  readonly within?: number;
}

/** Runs a program of the lab to its end and gives its output; throws, with all it has written, unless it ends well. */
export async function runProgram({ command, args, env, stdin, within = 60_000 }: Program): Promise<string> {
  const input = stdin === undefined ? undefined : await open(stdin);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        env: { ...process.env, PATH: labPath(), ...env },
        stdio: [input?.fd ?? 'ignore', 'pipe', 'pipe'],
        timeout: within,
      });
      let output = '';
      let complaints = '';
      child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
      child.stderr?.on('data', (data: Buffer) => (complaints += data.toString()));
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${command} ended with ${code ?? 'a signal'}: ${complaints}${output}`.trim()));
      });
    });
  } finally {
    await input?.close();
  }
}

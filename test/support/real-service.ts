import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldRun } from '../../src/runner/evolve.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { RunState } from '../../src/runner/run-state.js';
import { openReadOnly } from '../../src/storage/open-database.js';
import { helpfulLines } from './full-crowd.js';

/** What `npm run build` has made; `npm test` builds before it tests. */
const CLI = resolve(import.meta.dirname, '../../dist/src/cli.js');

/** What is in the journal of the only run, whoever writes it. */
export function journalOnDisk(directory: string): Recorded[] {
  const file = join(directory, 'switchdc.db');
  if (!existsSync(file)) return [];
  const database = openReadOnly(file);
  try {
    const rows = database.prepare('SELECT position, run, seq, at, entry FROM journal ORDER BY seq').all() as {
      entry: string;
    }[];
    return rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) as never })) as never;
  } finally {
    database.close();
  }
}

/** Whether a phase has begun, by the journal on disk: quick enough to be asked all the time. */
export function hasBegunOnDisk(directory: string, phase: string): boolean {
  const database = openReadOnly(join(directory, 'switchdc.db'));
  try {
    const words = "json_extract(entry, '$.kind') = 'phase-started' AND json_extract(entry, '$.phase') = ?";
    return database.prepare(`SELECT 1 FROM journal WHERE ${words}`).get(phase) !== undefined;
  } finally {
    database.close();
  }
}

/** Runs one command line of the real program to its end. */
export async function commandLine(words: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

/** The real service in a process of its own, spoken to through its standard input like a terminal's. */
export class RealService {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #said = new Set<string>();
  output = '';

  constructor(
    private readonly directory: string,
    flags: readonly string[],
  ) {
    this.#child = spawn(process.execPath, [CLI, 'serve', '--data', directory, ...flags]);
    this.#child.stdout.on('data', (data: Buffer) => (this.output += data.toString()));
    this.#child.stderr.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  /** Somebody types a line. */
  say(by: string, line: string): void {
    this.#child.stdin.write(`/as ${by}\n${line}\n`);
  }

  /** Answers whatever the run asks for until it is so. Looks whenever the service has told something. */
  async helped(what: (state: RunState) => boolean): Promise<RunState> {
    for (;;) {
      const state = this.state();
      if (state !== undefined) {
        if (what(state)) return state;
        for (const { by, says } of helpfulLines(state)) this.#sayOnce(by, says, state);
      }
      if (!(await this.#told())) throw new Error(`the service has ended: ${this.output}`);
    }
  }

  /** What the journal on disk means now. */
  state(): RunState | undefined {
    return foldRun(journalOnDisk(this.directory));
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** The end of the input: the service ends by itself. */
  async end(): Promise<number | null> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    await gone;
    return this.#child.exitCode;
  }

  /** Resolves once the service has told something more; to false where it has ended. */
  #told(): Promise<boolean> {
    const { stdout } = this.#child;
    return new Promise((resolve) => {
      const answer = (isAlive: boolean): void => {
        stdout.off('data', told).off('close', ended);
        resolve(isAlive);
      };
      const told = (): void => answer(true);
      const ended = (): void => answer(false);
      stdout.on('data', told).on('close', ended);
      if (stdout.closed) answer(false);
    });
  }

  #sayOnce(by: string, says: string, { gates, tasks }: RunState): void {
    const answered =
      gates.length + Object.values(tasks).filter((task) => task.forward.stage === 'failed').length;
    const key = `${answered} ${by} ${says}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.say(by, says);
  }
}

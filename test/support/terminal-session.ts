import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { VirtualScreen } from './virtual-screen.js';

const CLI = resolve(import.meta.dirname, '../../dist/src/cli.js');

/** The end of an output that is in the middle of an escape sequence. */
const HALF_SEQUENCE = /\u001b(\[[\d;]*)?$/;

export interface TerminalSize {
  /** 0 by 0 is a terminal that does not know its size. */
  readonly columns: number;
  readonly rows: number;
}

/**
 * Our program on a pseudo-terminal of the kernel's, made by `script` of util-linux: keys go in as they are typed, and
 * what comes out is drawn on a screen that throws for anything that would garble a real one.
 */
export class TerminalSession implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #screen: VirtualScreen;
  readonly #closed: Promise<unknown>;
  #raw = '';
  #undrawn = '';
  #over = false;
  #failed: Error | undefined;
  #heard: () => void = () => undefined;

  constructor(args: readonly string[], { columns, rows }: TerminalSize = { columns: 100, rows: 30 }) {
    const program = [process.execPath, CLI, ...args].map(quoted).join(' ');
    const session = [
      `stty cols ${columns} rows ${rows}`,
      'before=$(stty -g)',
      program,
      'echo "ended with $?"',
      '[ "$before" = "$(stty -g)" ] && echo "the terminal is as it was"',
      'true',
    ];
    this.#screen = new VirtualScreen(columns || 80);
    this.#child = spawn('script', ['--quiet', '--flush', '--command', session.join('; '), '/dev/null'], {
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm' },
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8');
    this.#child.stdout.on('data', (text: string) => {
      this.#draw(text);
    });
    this.#closed = once(this.#child, 'close').then(() => {
      this.#over = true;
      this.#heard();
    });
  }

  /** Everything that came out, as it came. */
  get raw(): string {
    return this.#raw;
  }

  /** What a person sees, with what has scrolled out of view. */
  get shown(): string {
    return this.#screen.text();
  }

  /** What stands at the bottom: the prompt and what has been typed. */
  get bottom(): string {
    return this.shown.split('\n').at(-1) ?? '';
  }

  /** Presses keys; `\r` is Enter. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Resolves once this can be seen; rejects when the session ends without. */
  async until(words: RegExp): Promise<void> {
    for (;;) {
      const heard = new Promise<void>((resolve) => (this.#heard = resolve));
      if (this.#failed !== undefined) throw this.#failed;
      if (words.test(this.shown)) return;
      if (this.#over) throw new Error(`it ended without showing ${String(words)}:\n${this.shown}`);
      await heard;
    }
  }

  /** Resolves once the shell around the program has ended. */
  async ended(): Promise<void> {
    await this.#closed;
    if (this.#failed !== undefined) throw this.#failed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The terminal goes away: whoever is still at it gets SIGHUP.
    if (!this.#over) this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #draw(text: string): void {
    this.#raw += text;
    const drawn = this.#undrawn + text;
    this.#undrawn = HALF_SEQUENCE.exec(drawn)?.[0] ?? '';
    try {
      this.#screen.write(drawn.slice(0, drawn.length - this.#undrawn.length));
    } catch (error) {
      this.#failed ??= new Error('what came out would garble a screen', { cause: error });
    }
    this.#heard();
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

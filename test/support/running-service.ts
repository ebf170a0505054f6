import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { type Ended, ended, startSwitchdc, type SwitchdcOptions } from './switchdc.js';

/** What a service says when it is there. */
const GREETING = /switchdc is ready/;

/** In milliseconds. What a service has said tells more than a test that ran out of time. */
const LONGEST = 200_000;

/** A process that goes on by itself: lines go in by a pipe, what it says is read as it comes. */
export class RunningService implements AsyncDisposable {
  #said = '';
  #read = 0;
  readonly #ended: Promise<Ended>;
  #over = false;
  #heard: () => void = () => undefined;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    this.#ended = ended(child).then((result) => {
      this.#over = true;
      this.#heard();
      return result;
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: string) => {
        this.#said += text;
        this.#heard();
      });
  }

  /** Resolves once it has greeted. */
  static async start(
    data: string,
    options: SwitchdcOptions & { config?: string } = {},
  ): Promise<RunningService> {
    const config = options.config === undefined ? [] : ['--config', options.config];
    const service = RunningService.watch(['serve', '--data', data, ...config], options);
    await service.until(GREETING);
    return service;
  }

  /** Any other command that takes long. */
  static watch(args: readonly string[], options: SwitchdcOptions = {}): RunningService {
    return new RunningService(startSwitchdc(args, options));
  }

  /** Everything that it has said so far. */
  get said(): string {
    return this.#said;
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.child.stdin.write(`${line}\n`);
  }

  /** What it says until it has said this, after what was waited for before. Rejects when it ends, or takes long, without. */
  async until(words: RegExp): Promise<string> {
    const late = AbortSignal.timeout(LONGEST);
    const woken = (): void => this.#heard();
    late.addEventListener('abort', woken, { once: true });
    try {
      return await this.#until(words, late);
    } finally {
      late.removeEventListener('abort', woken);
    }
  }

  async #until(words: RegExp, late: AbortSignal): Promise<string> {
    for (;;) {
      const heard = new Promise<void>((resolve) => (this.#heard = resolve));
      const rest = this.#said.slice(this.#read);
      const found = words.exec(rest);
      if (found) {
        const end = found.index + found[0].length;
        this.#read += end;
        return rest.slice(0, end);
      }
      if (this.#over) throw new Error(`it ended without saying ${String(words)}:\n${this.#said}`);
      if (late.aborted) throw new Error(`it has not said ${String(words)}:\n${this.#said}`);
      await heard;
    }
  }

  /** Says a line and waits for what has to follow it. */
  ask(line: string, words: RegExp): Promise<string> {
    this.say(line);
    return this.until(words);
  }

  /** The end of its input. */
  end(): Promise<Ended> {
    this.child.stdin.end();
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.child.kill('SIGKILL');
    await this.#ended;
  }
}

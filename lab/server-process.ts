import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, runs } from './process-tree.js';

export interface ServerSpec {
  /** For people, `etcd n1`. */
  readonly name: string;
  /** An absolute path or a name on PATH (sbin folders are on it). Never a shell line. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where its output goes. */
  readonly log: string;
  /** Whether it answers; asked again and again. May throw, which means no. */
  ready(): Promise<boolean>;
  /** How long it may take to answer, in milliseconds; 20 s unless told. */
  readonly within?: number;
  /** What ends it cleanly; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
}

/** How long a server may take to end by itself, in milliseconds. */
const STOPS_WITHIN = 8_000;

/**
 * A server of the lab: a process group of its own, so that whatever it starts ends with it; what has left the group (each
 * connection of an sshd does) is found by descent. It can be killed, frozen and started again with the same arguments, as
 * often as a test likes.
 */
export class ServerProcess implements AsyncDisposable {
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** It could not be started at all. */
  #failure: Error | undefined;

  constructor(
    readonly spec: ServerSpec,
    /** What marks every process of the lab, for the keeper. */
    private readonly mark: Readonly<Record<string, string>>,
  ) {}

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.spec.name} does not run`);
    return pid;
  }

  get isRunning(): boolean {
    return this.#lives();
  }

  /** Starts it and waits until it answers; an error quotes the end of its log. */
  async start(): Promise<this> {
    if (this.isRunning) return this;
    const { command, args, cwd, log } = this.spec;
    const output = openSync(log, 'a');
    const env = { ...process.env, PATH: labPath(), ...this.spec.env, ...this.mark };
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#child = child;
    this.#failure = undefined;
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        this.#failure = error;
        resolve();
      });
    });
    const until = performance.now() + (this.spec.within ?? 20_000);
    for (;;) {
      this.#refuseFailure();
      if (!this.#lives()) throw new Error(`${this.spec.name} ended at once\n${this.logTail()}`);
      if (await this.spec.ready().catch(() => false)) return this;
      if (performance.now() > until) {
        await this.kill();
        throw new Error(`${this.spec.name} does not answer\n${this.logTail()}`);
      }
      await sleep(10);
    }
  }

  /** Ends it at once, with everything it has started, and waits until it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const started = this.isRunning ? descendantsOf(this.pid) : [];
    this.signal(signal);
    await this.#ended;
    // What has listened still does until it is gone itself.
    while (signal === 'SIGKILL' && started.some(runs)) await sleep(2);
  }

  /** It stays, and answers nothing. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /** To everything it has started; nothing where it does not run. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid !== undefined) for (const target of [...descendantsOf(pid), -pid]) send(target, signal);
  }

  /** Ends it cleanly, and by force where that takes too long. */
  async stop(within = STOPS_WITHIN): Promise<void> {
    const started = this.isRunning ? descendantsOf(this.pid) : [];
    if (this.isRunning) {
      this.thaw();
      this.signal(this.spec.stopSignal ?? 'SIGTERM');
      const late = sleep(within, 'late' as const, { ref: false });
      if ((await Promise.race([this.#ended, late])) === 'late') await this.kill();
    }
    // What it has started may outlive it: php's workers do.
    this.signal('SIGKILL');
    for (const pid of started) send(pid, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #lives(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #refuseFailure(): void {
    const error = this.#failure;
    if (error !== undefined) throw new Error(`${this.spec.name}: ${error.message}`, { cause: error });
  }

  logTail(lines = 15): string {
    try {
      return readFileSync(this.spec.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    } catch {
      return '(no log)';
    }
  }
}

/** To a process, or to a group where the number is negative. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Debian keeps daemons in sbin folders, which are not on everybody's PATH. */
export function labPath(): string {
  return [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(':');
}

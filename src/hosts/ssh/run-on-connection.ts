import type { Client, ClientChannel } from 'ssh2';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Instant, Millis } from '../../domain/instant.js';
import { oneLine, shorten } from '../../domain/text.js';
import type { HostCommand, HostOutcome } from '../hosts.js';
import { CapturedOutput } from './captured-output.js';
import { fromOutside } from './from-outside.js';
import { StartOfOutput } from './start-of-output.js';

export interface Running {
  readonly command: HostCommand;
  /** What the host's login shell is told. */
  readonly line: string;
  /** What the line says first. */
  readonly mark: string;
  readonly clock: Clock;
  /** One that waits for the line; without it, the host is asked to start one with the line. */
  readonly shell?: ClientChannel;
  /** The command's time is over then. */
  readonly until: Instant;
  /** Ends what runs on the host: its process group, or whatever it is where the command is not known to have begun. */
  end(group: number | undefined): Promise<void>;
}

/** `again`: the connection, or the shell that waited, had been lost before the command began. */
export type RunOutcome = HostOutcome | 'again';

/** 64 KiB together. */
const MOST_OUTPUT = 48 * 1024;
const MOST_ERRORS = 16 * 1024;

/** What a command has said arrives with its exit code; later only what something else says that it has left running. */
const AFTER_EXIT: Millis = 500;

/** How long it may take until a command that is to be ended is known to have begun. */
const UNTIL_BEGUN: Millis = 1_000;

/** Runs one command on an open connection. When it does not end in time, or is called off, the host's processes end too. */
export function runOnConnection(client: Client, running: Running, signal: AbortSignal): Promise<RunOutcome> {
  return new RunningCommand(client, running, signal).outcome;
}

class RunningCommand {
  readonly outcome: Promise<RunOutcome>;
  readonly #start: StartOfOutput;
  readonly #output = new CapturedOutput(MOST_OUTPUT);
  readonly #errors = new CapturedOutput(MOST_ERRORS);
  readonly #over = new AbortController();
  #resolve!: (outcome: RunOutcome) => void;
  #begun!: () => void;
  readonly #hasBegun = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });
  #channel: ClientChannel | undefined;
  /** No result of the command itself counts any more. */
  #isEnding = false;

  constructor(
    client: Client,
    private readonly running: Running,
    private readonly signal: AbortSignal,
  ) {
    this.#start = new StartOfOutput(running.mark);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    signal.addEventListener('abort', this.#callOff, { once: true });
    running.clock.sleepUntil(running.until, this.#over.signal).then(this.#timeOut, () => undefined);
    // When the connection is lost, the channel is closed, or whoever still waits for it is refused.
    if (running.shell) {
      this.#listen(running.shell, `${running.line}\n`);
      return;
    }
    try {
      client.exec(running.line, (error, channel) => (error ? this.#refuse(error) : this.#listen(channel)));
    } catch {
      this.#settle('again');
    }
  }

  /** With the input, after which the command finds its end. */
  #listen(channel: ClientChannel, input?: string): void {
    let exit: (() => void) | undefined;
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => {
      const output = this.#start.push(chunk);
      if (this.#start.group !== undefined) this.#begun();
      if (output) this.#output.push(output);
    });
    channel.stderr.on('data', (chunk: Buffer) => this.#errors.push(chunk));
    channel.on('exit', (code: number | null, name?: string) => {
      exit = () => this.#settle(this.#exitOutcome(code, name));
      sleep(this.running.clock, AFTER_EXIT, this.#over.signal).then(exit, () => undefined);
    });
    // Without an exit before it, it is the connection that was closed.
    channel.once('close', () => (exit ?? this.#lose)());
    channel.end(input);
  }

  #exitOutcome(code: number | null, name: string | undefined): RunOutcome {
    const { okCodes } = this.running.command;
    if (this.#start.group === undefined && this.running.shell) return 'again';
    if (this.#start.group === undefined) {
      const said = oneLine(shorten(`${this.#start.noise} ${this.#errors.text()}`, 200));
      return { kind: 'unknown', because: `its login shell did not begin the command: ${said}` };
    }
    if (code === null) return { kind: 'unknown', because: `it was ended by ${name ?? 'a signal'}` };
    const ok = okCodes.includes(code);
    const output = this.#output.text();
    return { kind: 'exited', code, ok, output: ok ? output : joined(output, this.#errors.text()) };
  }

  /** The host, or its sshd, does not run it. */
  #refuse(error: Error & { reason?: unknown }): void {
    // A refused channel has its reason. The library's text for channels that were still asked for when the connection
    // went is the only thing that tells them from a command that had been sent.
    if (error.reason !== undefined)
      this.#settle({ kind: 'unreachable', because: `it takes no further command: ${fromOutside(error)}` });
    else if (error.message === 'No response from server') this.#settle('again');
    else this.#lose();
  }

  #lose = (): void => {
    this.#settle({ kind: 'unknown', because: 'the connection was lost while it ran' });
  };

  #timeOut = (): void => {
    void this.#end({ kind: 'timed-out', after: this.running.command.timeout });
  };

  #callOff = (): void => {
    void this.#end(
      this.running.command.effect === 'reads'
        ? { kind: 'not-attempted', because: 'it was called off' }
        : { kind: 'unknown', because: 'it was called off while it ran' },
    );
  };

  /** Ends what runs on the host before it says how it went: what comes next must not meet it. */
  async #end(outcome: HostOutcome): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { clock } = this.running;
    await Promise.race([this.#hasBegun, sleep(clock, UNTIL_BEGUN, this.#over.signal).catch(() => undefined)]);
    await this.running.end(this.#start.group);
    this.#finish(outcome);
  }

  #settle(outcome: RunOutcome): void {
    if (!this.#isEnding) this.#finish(outcome);
  }

  #finish(outcome: RunOutcome): void {
    this.#over.abort();
    this.signal.removeEventListener('abort', this.#callOff);
    this.#channel?.close();
    this.#resolve(outcome);
  }
}

/** One after the other, each beginning a line. */
function joined(first: string, second: string): string {
  return first === '' || second === '' || first.endsWith('\n') ? first + second : `${first}\n${second}`;
}

import type { Client, ClientChannel } from 'ssh2';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { HostName } from '../hosts.js';
import type { Dialled } from './dial.js';
import { Turns } from './turns.js';
import { WaitingShell } from './waiting-shell.js';

export interface HostConnectionOptions {
  readonly host: HostName;
  readonly clock: Clock;
  readonly trouble: (text: string) => void;
  readonly retry: { readonly first: Millis; readonly longest: Millis };
  readonly commandsAtOnce: number;
  /** Makes one connection. */
  dial(signal: AbortSignal): Promise<Dialled>;
}

/** Besides commands, so that there is always a way to end one. */
const ENDINGS_AT_ONCE = 2;

/** After a command, until the next shell is started: what comes right behind it shall not wait for that. */
const SHELL_AGAIN: Millis = 250;

/**
 * The resident connection to one host. Once asked for it is kept: when it is lost it is made again in the background, at
 * growing and jittered distances, and whoever asks in between does not wait for that distance.
 */
export class HostConnection implements AsyncDisposable {
  /** Commands wait here for a channel. */
  readonly commands: Turns;
  readonly endings = new Turns(ENDINGS_AT_ONCE);
  readonly #closing = new AbortController();
  #client: Client | undefined;
  /** On the connection that there is, once it is to be kept warm. */
  #shell: WaitingShell | undefined;
  #isKeptWarm = false;
  #shellIsDue = false;
  #dialling: Promise<Dialled> | undefined;
  #keeping: Promise<void> | undefined;
  /** What people were told last; the same is not told twice. */
  #told: string | undefined;

  constructor(private readonly options: HostConnectionOptions) {
    this.commands = new Turns(options.commandsAtOnce);
  }

  get host(): HostName {
    return this.options.host;
  }

  /** The connection if there is one now. */
  get open(): Client | undefined {
    return this.#client;
  }

  /** The connection, made if need be; with everybody else who waits for it. Never rejects. */
  async connect(): Promise<Dialled> {
    if (this.#client) return { client: this.#client };
    if (this.#closing.signal.aborted) return { because: 'the connections are closed' };
    this.#dialling ??= this.#dialOnce();
    return this.#dialling;
  }

  /** As `connect`; and from now on a shell waits on it for the next command. */
  async warm(): Promise<Dialled> {
    this.#isKeptWarm = true;
    const dialled = await this.connect();
    if (this.#client) this.#prepareShell(this.#client);
    return dialled;
  }

  /** A shell that waits for this line on this connection; undefined where there is none. */
  takeShell(client: Client, line: string): ClientChannel | undefined {
    return client === this.#client ? this.#shell?.take(line) : undefined;
  }

  /** Has the next shell wait, soon. */
  prepareShell(): void {
    if (this.#shell === undefined || this.#shellIsDue) return;
    this.#shellIsDue = true;
    sleep(this.options.clock, SHELL_AGAIN, this.#closing.signal).then(
      () => {
        this.#shellIsDue = false;
        this.#shell?.prepare();
      },
      () => undefined,
    );
  }

  /** Ends this connection, which does not answer as it should; a new one is made in the background. */
  discard(client: Client): void {
    this.#drop(client);
    client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const client = this.#client;
    if (client) {
      const closed = new Promise<void>((resolve) => {
        client.once('close', () => resolve());
      });
      // Without a goodbye: a host that hangs would not answer it.
      client.destroy();
      await closed;
    }
    await this.#dialling;
    await this.#keeping;
  }

  async #dialOnce(): Promise<Dialled> {
    const dialled = await this.options.dial(this.#closing.signal);
    this.#dialling = undefined;
    if ('client' in dialled) this.#take(dialled.client);
    else {
      this.#tell(dialled.because);
      this.#keep();
    }
    return dialled;
  }

  #take(client: Client): void {
    if (this.#closing.signal.aborted) {
      client.destroy();
      return;
    }
    this.#client = client;
    client.once('close', () => this.#drop(client));
    if (this.#isKeptWarm) this.#prepareShell(client);
    if (this.#told !== undefined) this.#tell('connected again');
    this.#told = undefined;
  }

  #prepareShell(client: Client): void {
    this.#shell ??= new WaitingShell(client);
    this.#shell.prepare();
  }

  #drop(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#shell = undefined;
    this.#tell('the connection was lost');
    this.#keep();
  }

  /** Makes the connection again and again until there is one. */
  #keep(): void {
    if (this.#closing.signal.aborted) return;
    this.#keeping ??= this.#connectAgain()
      .catch(() => undefined)
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  async #connectAgain(): Promise<void> {
    const { clock, retry } = this.options;
    for (
      let distance = retry.first;
      this.#client === undefined;
      distance = Math.min(distance * 2, retry.longest)
    ) {
      // Half of it and up: hosts that were lost together do not come back together.
      await sleep(clock, distance * (0.5 + Math.random() / 2), this.#closing.signal);
      await this.connect();
    }
  }

  #tell(text: string): void {
    if (this.#closing.signal.aborted || text === this.#told) return;
    this.#told = text;
    this.options.trouble(`${this.options.host}: ${text}`);
  }
}

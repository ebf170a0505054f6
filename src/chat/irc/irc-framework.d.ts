/** The part of irc-framework 4.14 that is used; the package has no types of its own. */
declare module 'irc-framework' {
  import type { EventEmitter } from 'node:events';

  /** A line of the server, taken apart. Nothing says that it has the parameters that its command needs. */
  export interface RawMessage {
    readonly command: string;
    readonly params: readonly string[];
    readonly tags: Record<string, string | undefined>;
    readonly prefix: string;
    readonly nick: string;
    readonly ident: string;
    readonly hostname: string;
  }

  /** Carries lines for the client; emits `open`, `line` (a line of the server), `close` (an error, or false). */
  export interface Transport extends EventEmitter {
    connect(): void;
    writeLine(line: string, done?: () => void): void;
    close(force?: boolean): void;
    disposeSocket(): void;
    setEncoding(encoding: string): boolean;
  }

  export interface ClientOptions {
    readonly nick: string;
    readonly username: string;
    readonly gecos: string;
    /** What CTCP VERSION is answered with by the library itself; empty: not at all. */
    readonly version: string;
    /** The password of the server. */
    readonly password?: string;
    /** An empty object keeps `password` from being used for SASL. */
    readonly account: { readonly account?: string; readonly password?: string };
    readonly sasl_mechanism?: 'PLAIN' | 'EXTERNAL';
    readonly sasl_disconnect_on_fail: boolean;
    readonly auto_reconnect: boolean;
    readonly enable_echomessage: boolean;
    readonly enable_chghost: boolean;
    /** Seconds; 0 for never. */
    readonly ping_interval: number;
    readonly ping_timeout: number;
    readonly transport: new () => Transport;
  }

  export interface CommandHandler {
    addHandler(name: string, handler: (command: RawMessage, handler: CommandHandler) => void): void;
    emit(event: string, value: unknown): boolean;
  }

  export class Client {
    constructor();
    readonly user: { nick: string };
    readonly network: { readonly cap: { isEnabled(name: string): boolean } };
    readonly command_handler: CommandHandler;
    readonly raw_middleware: {
      use(
        handle: (
          command: string,
          message: RawMessage,
          line: string,
          client: Client,
          next: () => void,
        ) => void,
      ): void;
    };
    requestCap(names: readonly string[]): void;
    connect(options: ClientOptions): void;
    on(event: string, heard: (event: never) => void): this;
    removeAllListeners(): this;
  }
}

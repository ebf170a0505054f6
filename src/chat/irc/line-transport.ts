import { EventEmitter } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport } from 'irc-framework';
import type { IrcOptions } from './options.js';

/** Bytes of a line of the server that are read: tags and text at their longest. What is longer is left out whole. */
const LONGEST_READ = 8_191 + 512;

/** Bytes of a line without its tags and its end that a server takes. */
const LONGEST_WRITTEN = 510;

const LINE_FEED = 0x0a;

export interface LineTransportParts {
  readonly at: Pick<IrcOptions, 'host' | 'port' | 'tls'>;
  /** Called for every line, before anything else; the connection is alive. */
  alive(): void;
  /** A line made something throw; it is left out and the connection stays. */
  notUnderstood(error: unknown): void;
}

/**
 * The socket below the library. Its own transport knows no authority but the system's, lets whatever a handler throws
 * end the process, and writes any bytes that it is given.
 *
 * Invariant: whatever is written is one line, of at most as many bytes as a server takes.
 */
export class LineTransport extends EventEmitter implements Transport {
  #socket: Socket | undefined;
  #isOpen = false;
  #error: Error | undefined;
  /** The beginning of a line; undefined while the rest of one that is too long is left out. */
  #begun: Buffer | undefined = Buffer.alloc(0);

  constructor(private readonly parts: LineTransportParts) {
    super();
  }

  connect(): void {
    const { host, port, tls } = this.parts.at;
    const socket =
      tls === undefined
        ? connectPlain({ host, port, noDelay: true })
        : connectTls({
            host,
            port,
            servername: tls.name ?? host,
            ca: tls.authority,
            cert: tls.client?.certificate,
            key: tls.client?.key.reveal(),
          });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on(tls === undefined ? 'connect' : 'secureConnect', () => {
      this.#isOpen = true;
      this.#contained(() => this.emit('open'));
    });
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('error', (error: Error) => (this.#error = error));
    socket.on('close', () => {
      this.#isOpen = false;
      this.emit('close', this.#error ?? false);
    });
  }

  writeLine(line: string, done?: () => void): void {
    const socket = this.#socket;
    if (socket !== undefined && this.#isOpen) {
      socket.write(`${oneLineOf(line)}\r\n`, done);
      this.#holdTogether(socket);
    } else if (done !== undefined) process.nextTick(done);
  }

  /** The first line is on its way at once; those written right after it share one packet. */
  #holdTogether(socket: Socket): void {
    if (socket.writableCorked > 0) return;
    socket.cork();
    process.nextTick(() => socket.uncork());
  }

  /** Ends it at once: what has been written is in the hands of the system. */
  close(force = false): void {
    if (force || !this.#isOpen) this.#socket?.destroy();
    else this.#socket?.destroySoon();
  }

  disposeSocket(): void {
    this.#socket?.destroy();
  }

  /** IRC is UTF-8 here. */
  setEncoding(encoding: string): boolean {
    return encoding === 'utf8';
  }

  #read(data: Buffer): void {
    this.parts.alive();
    let from = 0;
    for (let at = data.indexOf(LINE_FEED); at >= 0; at = data.indexOf(LINE_FEED, from)) {
      const line = this.#begun && Buffer.concat([this.#begun, data.subarray(from, at)]);
      this.#begun = Buffer.alloc(0);
      from = at + 1;
      if (line !== undefined && line.length <= LONGEST_READ)
        this.#contained(() => this.emit('line', line.toString('utf8').replace(/[\r\0]/g, '')));
    }
    if (this.#begun === undefined) return;
    const begun = Buffer.concat([this.#begun, data.subarray(from)]);
    this.#begun = begun.length > LONGEST_READ ? undefined : begun;
  }

  #contained(hear: () => void): void {
    try {
      hear();
    } catch (error) {
      this.parts.notUnderstood(error);
    }
  }
}

/** What is written is one line, whoever made it up: the last door before the server. Pure. */
export function oneLineOf(line: string): string {
  const [, tags = '', rest = ''] = /^(@[^ ]* )?([^]*)$/.exec(line.replace(/[\r\n\0]/g, ' ')) ?? [];
  const bytes = Buffer.from(rest);
  if (bytes.length <= LONGEST_WRITTEN) return tags + rest;
  let end = LONGEST_WRITTEN;
  // Not in the middle of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return tags + bytes.subarray(0, end).toString('utf8');
}

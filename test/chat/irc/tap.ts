import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and its server, keeps what the client writes, and can say bytes in its name. */
export class Tap implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #written: Buffer[] = [];
  #server: Socket | undefined;
  connections = 0;

  private constructor(
    private readonly listener: Server,
    readonly port: number,
  ) {}

  static async open(behind: number): Promise<Tap> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const tap = new Tap(listener, address.port);
    listener.on('connection', (client) => tap.#join(client, connect({ host: '127.0.0.1', port: behind })));
    return tap;
  }

  /** Every line that the client wrote, byte by byte, cut where a server cuts: at any CR or LF. */
  lines(): readonly string[] {
    return Buffer.concat(this.#written)
      .toString('latin1')
      .split(/\r\n|\r|\n/)
      .filter((line) => line !== '');
  }

  /** Says bytes to the server as if the client had. */
  says(bytes: Uint8Array): void {
    this.#server?.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }

  #join(client: Socket, server: Socket): void {
    this.connections += 1;
    this.#server = server;
    client.on('data', (data) => void this.#written.push(data));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  }
}

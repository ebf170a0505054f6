import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/**
 * A link between two servers that can be slow, stalled or cut. Bytes are never changed or reordered; each way has its
 * own delay, so a delay of 16.5 ms makes a round trip of 33 ms.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #delay = 0;
  #isStalled = false;
  #isCut = false;

  private constructor(
    private readonly server: Server,
    readonly host: string,
    readonly port: number,
  ) {}

  static async open(listen: Target, to: Target): Promise<TcpProxy> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listen.port, listen.host, resolve);
    });
    const proxy = new TcpProxy(server, listen.host, listen.port);
    server.on('connection', (socket) => proxy.#join(socket, to));
    return proxy;
  }

  /** Milliseconds for each way, of the connections that are made from now on. */
  delay(each: number): void {
    this.#delay = each;
  }

  /** Connections stay, new ones are accepted, and nothing arrives any more. */
  stall(): void {
    this.#isStalled = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** Every connection is reset and new ones are refused. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) for (const socket of pair) reset(socket);
  }

  /** As at first, but for the delay. */
  mend(): void {
    this.#isCut = false;
    this.#isStalled = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  #join(near: Socket, to: Target): void {
    if (this.#isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...to, noDelay: true, allowHalfOpen: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const later = laterBy(this.#delay);
    pipe(near, far, later);
    pipe(far, near, later);
    const end = (): void => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', () => later(end));
      if (this.#isStalled) socket.pause();
    }
  }
}

function reset(socket: Socket): void {
  // One that is being shut down cannot be reset; Node then never closes it, and the process does not end.
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

type Later = (what: () => unknown) => void;

/** Timers of the same length fire in the order they were set, so nothing overtakes. */
function laterBy(delay: number): Later {
  return (what) => (delay === 0 ? void what() : void setTimeout(what, delay));
}

function pipe(from: Socket, to: Socket, later: Later): void {
  from.on('data', (data) => later(() => to.writable && to.write(data)));
  from.on('end', () => later(() => to.end()));
}

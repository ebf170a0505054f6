import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { say } from '../../src/chat/message.js';
import { answered } from '../../src/chat/reply.js';
import { instant } from '../../src/domain/instant.js';
import { acquireDataLock, type DataLock } from '../../src/service/data-lock.js';
import { connectToService, type ServiceClient } from '../../src/service/socket-client.js';
import { openSocketServer, type ServiceHandler, type SocketServer } from '../../src/service/socket-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

export const forever = new AbortController().signal;

const quiet: ServiceHandler = {
  command: async (command, as) => answered(say('done'), { command, as: as ?? null }),
  async *follow() {
    // Nothing is said.
  },
};

/** A data directory with the services that run in it for one test. */
export class SocketFolder implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  readonly #locks: DataLock[] = [];
  readonly #servers: AsyncDisposable[] = [];
  readonly path = this.#folder.path;
  /** What went wrong inside of a service. */
  readonly reported: unknown[] = [];

  file(name: string): string {
    return this.#folder.file(name);
  }

  async serving(
    over: Partial<ServiceHandler> = {},
    directory = this.path,
    patience = 60_000,
  ): Promise<SocketServer> {
    const lock = this.#locks.find((held) => held.directory === directory) ?? this.#lockOf(directory);
    const server = await openSocketServer({
      lock,
      handler: { ...quiet, ...over },
      patience,
      report: (error) => this.reported.push(error),
    });
    this.closes(server);
    return server;
  }

  /** Something else to close at the end, before the folder goes. */
  closes(server: AsyncDisposable): void {
    this.#servers.push(server);
  }

  async client(directory = this.path): Promise<ServiceClient> {
    const found = await connectToService(directory);
    if (found === undefined) throw new Error('nobody there');
    return found;
  }

  /** A connection without our client. */
  async raw(): Promise<Socket> {
    const socket = connect(this.file('switchdc.sock'));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server[Symbol.asyncDispose]();
    for (const lock of this.#locks) lock[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
  }

  #lockOf(directory: string): DataLock {
    const result = acquireDataLock(directory, { pid: 1, what: 'a test', since: instant(0) });
    if (!result.ok) throw new Error('held');
    this.#locks.push(result.lock);
    return result.lock;
  }
}

/**
 * The door of the one process that writes: a unix socket in the data directory, through which every other process of
 * this machine asks. Only the unix user of the data directory can open it (mode 0600): whoever speaks here is that user.
 *
 * Invariants: the socket exists only while the lock of the directory is held, so that what is found there beforehand is
 * stale; a caller who sends nonsense, too much, nothing at all, or goes away, disturbs nobody else.
 */
import { once } from 'node:events';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Reply } from '../chat/command.js';
import type { Message } from '../chat/message.js';
import type { Millis } from '../domain/instant.js';
import type { DataLock } from './data-lock.js';
import { SocketUnusable } from './errors.js';
import { firstLine } from './first-line.js';
import { withShortPath } from './short-path.js';
import {
  lineOfJson,
  LONGEST_REQUEST,
  readLine,
  requestSchema,
  type RunResult,
  type ServiceAnswer,
  type ServiceRequest,
} from './wire.js';

export const SOCKET_NAME = 'switchdc.sock';

/** What is said about a run; the last one, where there is a result, is how it ended. */
export type Followed =
  | { readonly kind: 'said'; readonly message: Message }
  | { readonly kind: 'end'; readonly result?: RunResult | undefined };

/** What the service does for those who ask. */
export interface ServiceHandler {
  /** Never rejects: every mistake is a reply. `as` is whom the caller speaks for, to be allowed or refused. */
  command(command: string | readonly string[], as: string | undefined): Promise<Reply>;
  /** What people in a channel are told about a run, until it ends or the signal. */
  follow(run: number, signal: AbortSignal): AsyncIterable<Followed>;
}

export interface SocketServerParts {
  readonly lock: DataLock;
  readonly handler: ServiceHandler;
  /** How long somebody may be connected without asking anything, in real milliseconds. */
  readonly patience: Millis;
  /** Told of what went wrong inside; the caller only sees that the service is gone. */
  readonly report: (error: unknown) => void;
}

export interface SocketServer extends AsyncDisposable {
  readonly path: string;
}

const MOST_CONNECTIONS = 64;

/** Opens the socket. Disposing of it ends every connection and removes the file. Throws SocketUnusable. */
export async function openSocketServer(parts: SocketServerParts): Promise<SocketServer> {
  const connections = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    // An error is followed by `close`; unheard, it would end the process.
    socket.on('error', () => undefined);
    serve(socket, parts).catch((error: unknown) => {
      socket.destroy();
      parts.report(error);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await bind(server, parts.lock.directory).catch((error: unknown) => {
    server.close();
    throw new SocketUnusable(`the socket in ${parts.lock.directory} cannot be opened`, { cause: error });
  });

  const path = join(parts.lock.directory, SOCKET_NAME);
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      await rm(path, { force: true });
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, 'close');
    },
  };
}

/**
 * Binds in a directory that nobody else can enter and moves the socket to its place once its mode is right: at no
 * moment could another user connect, and what a dead process left there is replaced in one step.
 */
async function bind(server: Server, directory: string): Promise<void> {
  await withShortPath(directory, join('.opening', 's'), async (short) => {
    const opening = join(short, '.opening');
    await rm(opening, { recursive: true, force: true });
    await mkdir(opening, { mode: 0o700 });
    const draft = join(opening, 's');
    server.listen(draft);
    await once(server, 'listening');
    await chmod(draft, 0o600);
    await rename(draft, join(short, SOCKET_NAME));
    await rm(opening, { recursive: true, force: true });
  });
}

async function serve(socket: Socket, { handler, patience }: SocketServerParts): Promise<void> {
  socket.setTimeout(patience, () => socket.destroy());
  const first = await firstLine(socket, LONGEST_REQUEST);
  socket.setTimeout(0);
  if (first !== undefined) await answerTo(first, socket, handler);
  socket.destroySoon();
}

async function answerTo(
  first: { line: string } | 'too-long',
  socket: Socket,
  handler: ServiceHandler,
): Promise<void> {
  const request =
    first === 'too-long'
      ? { because: `it has more than ${LONGEST_REQUEST} bytes` }
      : readLine(first.line, requestSchema);
  if ('because' in request) await say(socket, { kind: 'not-understood', because: request.because });
  else await perform(request.value, socket, handler);
}

async function perform(request: ServiceRequest, socket: Socket, handler: ServiceHandler): Promise<void> {
  switch (request.kind) {
    case 'command':
      return say(socket, { kind: 'reply', reply: await handler.command(request.command, request.as) });
    case 'follow':
      return follow(socket, handler, request.run);
  }
}

async function follow(socket: Socket, handler: ServiceHandler, run: number): Promise<void> {
  const gone = new AbortController();
  const stop = (): void => gone.abort(new Error('the follower has gone'));
  socket.on('end', stop);
  socket.on('close', stop);
  if (socket.readableEnded || socket.destroyed) stop();
  for await (const followed of handler.follow(run, gone.signal)) {
    if (gone.signal.aborted) return;
    await say(socket, followed);
    if (followed.kind === 'end') return;
  }
  await say(socket, { kind: 'end' });
}

/** Resolves when the other side's machine has it, or when there is no other side any more: then nobody is told. */
function say(socket: Socket, words: ServiceAnswer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(lineOfJson(words), () => resolve());
  });
}

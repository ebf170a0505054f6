import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Reply } from '../chat/command.js';
import { reasonOf } from '../domain/clock.js';
import { ServiceGone, ServiceMisunderstood, SocketUnusable } from './errors.js';
import { readLines } from './read-lines.js';
import { withShortPath } from './short-path.js';
import { type Followed, SOCKET_NAME } from './socket-server.js';
import {
  answerSchema,
  lineOfJson,
  LONGEST_ANSWER,
  readLine,
  type ServiceAnswer,
  type ServiceRequest,
  WIRE_VERSION,
} from './wire.js';

/** The service of a data directory, from another process. Each call has a connection of its own. */
export interface ServiceClient {
  /**
   * What the command answers, as it would in chat. `as` speaks for somebody else, where that is possible. Throws
   * ServiceGone when the service ends before it has answered, ServiceMisunderstood when it is of another version,
   * SocketUnusable when it cannot be reached any more, and the signal's reason.
   */
  command(command: string | readonly string[], as: string | undefined, signal: AbortSignal): Promise<Reply>;
  /** What is said about a run until it ends. Throws like `command`. */
  follow(run: number, signal: AbortSignal): AsyncIterable<Followed>;
}

/** The service that runs in a data directory, or undefined when there is none. Throws SocketUnusable. */
export async function connectToService(directory: string): Promise<ServiceClient | undefined> {
  const probe = await reach(directory);
  if (probe === undefined) return undefined;
  probe.destroy();

  return {
    async command(command, as, signal) {
      const request = {
        version: WIRE_VERSION,
        kind: 'command',
        command,
        ...(as !== undefined && { as }),
      } as const;
      for await (const answer of ask(directory, request, signal)) {
        if (answer.kind === 'reply') return answer.reply;
        throw new ServiceMisunderstood(`the service answered a command with "${answer.kind}"`);
      }
      throw new ServiceGone('the service ended before it answered');
    },
    async *follow(run, signal) {
      for await (const answer of ask(directory, { version: WIRE_VERSION, kind: 'follow', run }, signal)) {
        if (answer.kind === 'reply')
          throw new ServiceMisunderstood('the service answered a follower with a reply');
        yield answer;
        if (answer.kind === 'end') return;
      }
      throw new ServiceGone('the service ended before the run did');
    },
  };
}

/** Sends one request and gives what comes back, until the other side ends. */
async function* ask(
  directory: string,
  request: ServiceRequest,
  signal: AbortSignal,
): AsyncGenerator<Exclude<ServiceAnswer, { kind: 'not-understood' }>> {
  const socket = await reach(directory);
  if (socket === undefined) throw new SocketUnusable('the service has ended');
  const stop = (): void => void socket.destroy(reasonOf(signal));
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    socket.write(lineOfJson(request));
    for await (const line of readLines(socket, LONGEST_ANSWER)) yield understood(line);
  } catch (error) {
    if (signal.aborted) throw reasonOf(signal);
    if (error instanceof ServiceMisunderstood) throw error;
    throw new ServiceGone('the connection to the service broke', { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function understood(line: string): Exclude<ServiceAnswer, { kind: 'not-understood' }> {
  const read = readLine(line, answerSchema);
  if ('because' in read)
    throw new ServiceMisunderstood(
      `the service said something unknown (${read.because}): it is of another version`,
    );
  if (read.value.kind === 'not-understood') {
    throw new ServiceMisunderstood(
      `the service did not understand (${read.value.because}): it is of another version`,
    );
  }
  return read.value;
}

/** A connection, or undefined when nobody listens there. */
async function reach(directory: string): Promise<Socket | undefined> {
  try {
    return await withShortPath(directory, SOCKET_NAME, async (short) => {
      const socket = connect(join(short, SOCKET_NAME));
      // Readers of the connection see its errors; unheard in between, one would end the process.
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    });
  } catch (error) {
    if (isNobody(error)) return undefined;
    throw new SocketUnusable(`the service in ${directory} cannot be reached`, { cause: error });
  }
}

/** No socket file, one that a dead process left, or no such directory. */
function isNobody(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR';
}

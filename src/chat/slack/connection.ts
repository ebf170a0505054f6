/**
 * The socket to Slack, for ever: it is opened, watched, and opened again, and nothing that fails here ends the process
 * or the trying.
 *
 * The library could do that by itself, but in 3.1.0 a failed reconnect is a rejection that nobody can catch, each
 * refresh leaves five seconds without a connection, and its pauses grow without end (node-slack-sdk issue 2656). So its
 * own reconnecting is off: each socket is a new receiver, and the next one is opened as soon as Slack announces the end
 * of the last.
 */
import { randomInt } from 'node:crypto';
import { App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { type Clock, sleep } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { SECOND } from '../../domain/instant.js';
import { backoff } from '../backoff.js';
import { type Door, silentLogger } from './door.js';
import { NotConnected } from './errors.js';
import { hintFor } from './hints.js';
import type { SlackTimes } from './options.js';

export interface ConnectionParts {
  readonly door: Door;
  readonly appToken: () => string;
  readonly clock: Clock;
  readonly times: SlackTimes;
  readonly closed: AbortSignal;
  /** Before each socket: throws where the bot itself cannot be what it should be. */
  readonly prepare: () => Promise<void>;
  /** Takes what came and acknowledges it. Never rejects. */
  readonly take: (event: ReceiverEvent) => Promise<void>;
  /** A socket was opened, or one of them has ended. */
  readonly connected: (change: 1 | -1) => void;
  readonly trouble: (text: string) => void;
}

/** A connection that ended sooner counts as a failure, so that one that is cut at once is not tried without a pause. */
const LIVES_AT_LEAST = 10 * SECOND;

type Ended = 'refresh' | 'link_disabled' | 'lost';

interface Socket {
  readonly ended: Promise<Ended>;
}

/** Resolves once `closed` is aborted; never rejects. */
export async function stayConnected(parts: ConnectionParts): Promise<void> {
  const { clock, times, closed, trouble } = parts;
  const app = new DeliveringApp((event) => parts.take(event));
  const sockets = new Sockets(parts, app);
  let failures = 0;
  let told = '';
  while (!closed.aborted) {
    const began = clock.now();
    try {
      await parts.prepare();
      const { ended } = await sockets.open();
      const end = await ended;
      if (end === 'link_disabled')
        throw new NotConnected(`Slack ended the connection: ${end}${hintFor(end)}`);
      if (end === 'refresh' || clock.now() - began > LIVES_AT_LEAST) failures = 0;
      else if (failures === 0 && !isAborted(closed)) failures = 1;
      else throw new NotConnected('the connection was cut again as soon as it was made');
      told = '';
    } catch (error) {
      if (isAborted(closed)) break;
      failures += 1;
      const because = explainError(error);
      // The same again every few seconds would be noise.
      if (because !== told) trouble(`Slack is not connected: ${because}. It is tried again until it works.`);
      told = because;
      await sleep(
        clock,
        backoff(failures, times.reconnectFirst, times.reconnectAtMost, randomInt(1_000) / 1_000),
        closed,
      ).catch(() => undefined);
    }
  }
  sockets.closeAll();
}

/** Read through a call, since it changes while we wait. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The library's application without its authorising and its listeners: what comes is kept before it is acknowledged. */
class DeliveringApp extends App {
  constructor(private readonly take: (event: ReceiverEvent) => Promise<void>) {
    super({
      receiver: noReceiver,
      authorize: () => Promise.resolve({}),
      convoStore: false,
      ignoreSelf: false,
      logger: silentLogger,
    });
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    await this.take(event);
  }
}

/** Each socket brings its own. */
const noReceiver: Receiver = {
  init: () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

type Client = SocketModeReceiver['client'];

class Sockets {
  readonly #clients = new Set<Client>();

  constructor(
    private readonly parts: ConnectionParts,
    private readonly app: DeliveringApp,
  ) {}

  /** Resolves when Slack has said hello. */
  async open(): Promise<Socket> {
    const { door, appToken, clock, times, closed } = this.parts;
    const receiver = new SocketModeReceiver({
      // It must have one; the real one is put in by the door.
      appToken: 'xapp-',
      autoReconnectEnabled: false,
      clientPingTimeout: times.pongWithin,
      logger: silentLogger,
      customPropertiesExtractor: ({ envelope_id: envelope }: { envelope_id?: unknown }) => ({ envelope }),
      installerOptions: { clientOptions: door.clientOptions(appToken) },
      ...(door.dispatcher === undefined ? {} : { dispatcher: door.dispatcher }),
    });
    receiver.init(this.app);
    const { client } = receiver;
    const ended = endOf(client);
    this.#add(client, ended);
    const tooLong = new AbortController();
    try {
      await Promise.race([
        receiver.start(),
        ended.then((end) => {
          throw new NotConnected(
            `the socket was ${end === 'lost' ? 'refused or cut' : end} before it was ready`,
          );
        }),
        sleep(clock, times.connectWithin, AbortSignal.any([closed, tooLong.signal])).then(() => {
          throw new NotConnected(`no hello within ${times.connectWithin / SECOND} s`);
        }),
      ]);
    } catch (error) {
      force(client);
      throw connectError(error);
    } finally {
      tooLong.abort();
    }
    return { ended };
  }

  closeAll(): void {
    for (const client of this.#clients) force(client);
  }

  #add(client: Client, ended: Promise<Ended>): void {
    const { connected, closed } = this.parts;
    let counts = false;
    const count = (now: boolean): void => {
      if (counts === now) return;
      counts = now;
      connected(now ? 1 : -1);
    };
    this.#clients.add(client);
    client.on('connected', () => count(true));
    client.on('disconnected', () => this.#clients.delete(client));
    void ended.then(() => count(false));
    const stop = (): void => force(client);
    closed.addEventListener('abort', stop, { once: true });
    client.on('disconnected', () => closed.removeEventListener('abort', stop));
  }
}

/**
 * Resolves when this socket gets nothing more. A frame that the library chokes on (no object, no event in it) is left
 * alone: there it would be a rejection of nobody.
 */
function endOf(client: Client): Promise<Ended> {
  const [read] = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  return new Promise((resolve) => {
    client.on('ws_message', (data: unknown, isBinary: unknown) => {
      const end = announcedEnd(data);
      if (end !== undefined) resolve(end);
      Promise.resolve(read?.(data, isBinary)).catch(() => undefined);
    });
    client.on('disconnected', () => resolve('lost'));
  });
}

function announcedEnd(data: unknown): Ended | undefined {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return undefined;
  try {
    const frame = JSON.parse(data) as { type?: unknown; reason?: unknown } | null;
    if (frame?.type !== 'disconnect') return undefined;
    return frame.reason === 'link_disabled' ? 'link_disabled' : 'refresh';
  } catch {
    return undefined;
  }
}

/** The first call says goodbye, the second one does not wait for the answer. */
function force(client: Client): void {
  client.disconnect().catch(() => undefined);
  client.disconnect().catch(() => undefined);
}

/** The library's errors may hold its request: only its words, and ours, go on. */
function connectError(error: unknown): Error {
  if (error instanceof NotConnected) return error;
  const code = errorCodeOf(error);
  if (code !== undefined) return new NotConnected(`Slack refuses the app token: ${code}${hintFor(code)}`);
  return new NotConnected(
    `no socket could be opened (${error instanceof Error ? causeOf(error) : 'it was cut'})`,
  );
}

function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined;
  const { data } = error as { data?: { error?: unknown } };
  return typeof data?.error === 'string' ? data.error.slice(0, 80) : undefined;
}

function causeOf(error: Error): string {
  const deepest = explainError(error);
  return deepest.length > 200 ? `${deepest.slice(0, 200)}…` : deepest;
}

import type { IncomingMessage as HttpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Envelope {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What became of an envelope. */
export interface Delivered {
  /** How often it was sent. */
  attempts: number;
  acknowledged: boolean;
  /** What came back with the acknowledgement. */
  answer: unknown;
}

interface Open extends Delivered {
  readonly id: string;
  readonly envelope: Envelope;
  timer: NodeJS.Timeout | undefined;
}

export interface SocketTimes {
  /** Milliseconds that an acknowledgement may take; Slack's is three seconds. */
  readonly ackWithin: number;
  /** Milliseconds after which an event is sent again; Slack's are at once, a minute and five minutes. */
  readonly again: readonly number[];
}

/** The sockets: hello, envelopes, acknowledgements, delivery again, refresh. Each event goes to one socket. */
export class SocketMode {
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #sockets = new Set<WebSocket>();
  readonly #open = new Map<string, Open>();
  readonly #waiting: Open[] = [];
  readonly #tickets = new Set<string>();
  #count = 0;
  /** Frames that are no acknowledgement of anything. */
  readonly nonsense: string[] = [];
  /** Whether pings are answered, and hello is said. */
  answersPings = true;
  saysHello = true;
  /** How many sockets said hello so far. */
  hellos = 0;

  constructor(private readonly times: SocketTimes) {}

  get connected(): number {
    return this.#sockets.size;
  }

  ticket(): string {
    const ticket = `ticket-${(this.#count += 1)}`;
    this.#tickets.add(ticket);
    return ticket;
  }

  /** A ticket is good for one connection. */
  upgrade(request: HttpRequest, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened));
  }

  deliver(envelope: Envelope): Delivered {
    const id = `envelope-${(this.#count += 1)}`;
    const open: Open = {
      id,
      envelope,
      attempts: 0,
      acknowledged: false,
      answer: undefined,
      timer: undefined,
    };
    this.#open.set(id, open);
    this.#send(open);
    return open;
  }

  /** Sends text as it is to every socket: what no Slack would send. */
  raw(text: string): void {
    for (const socket of this.#sockets) socket.send(text);
  }

  /** Asks every socket to be opened anew, as Slack does every few hours. */
  refresh(reason: 'refresh_requested' | 'warning' | 'link_disabled' = 'refresh_requested'): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify({ type: 'disconnect', reason }));
    this.#sockets.clear();
  }

  /** Cuts every socket without a word. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#sockets.clear();
  }

  close(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
    this.cut();
    this.#server.close();
  }

  #welcome(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => this.#acknowledged(data.toString()));
    socket.on('ping', (data) => {
      if (this.answersPings) socket.pong(data);
    });
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    if (!this.saysHello) return;
    this.#sockets.add(socket);
    this.hellos += 1;
    const hello = {
      type: 'hello',
      num_connections: this.#sockets.size,
      connection_info: { app_id: 'A0APP' },
    };
    socket.send(JSON.stringify({ ...hello, debug_info: { approximate_connection_time: 18_060 } }));
    for (const open of this.#waiting.splice(0)) this.#send(open);
  }

  #send(open: Open): void {
    const socket = [...this.#sockets].at(-1);
    const isEvent = open.envelope.type === 'events_api';
    if (socket === undefined) {
      // Slack keeps events, not commands and clicks: those fail before the eyes of the person.
      if (isEvent) this.#waiting.push(open);
      return;
    }
    open.attempts += 1;
    socket.send(
      JSON.stringify({
        envelope_id: open.id,
        ...open.envelope,
        accepts_response_payload: !isEvent,
        ...(isEvent
          ? { retry_attempt: open.attempts - 1, retry_reason: open.attempts > 1 ? 'timeout' : '' }
          : {}),
      }),
    );
    const pause = this.times.again[open.attempts - 1];
    if (isEvent && pause !== undefined)
      open.timer = setTimeout(() => this.#send(open), this.times.ackWithin + pause);
  }

  #acknowledged(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id?: string; payload?: unknown };
    const open = this.#open.get(id ?? '');
    if (open === undefined) {
      this.nonsense.push(text);
      return;
    }
    clearTimeout(open.timer);
    open.acknowledged = true;
    open.answer = payload;
  }
}

import { type Socket, connect } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { type Connection, type ConnectionConfig, createConnection } from 'mariadb';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, formatLength, plus } from '../../domain/instant.js';
import { NoAnswer, explain, explainUnquoted } from './no-answer.js';
import { formatServerTime, parseServerTime } from './server-time.js';
import { unlessAborted } from './unless-aborted.js';

export interface SessionOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: { reveal(): string };
  readonly authority: string;
  /** Whom the server's certificate must be for. */
  readonly certifiedName: string;
  /** How long it may take to connect. */
  readonly within: Millis;
  readonly clock: Clock;
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal;
}

/** More than any answer that is asked for (`SHOW ENGINE INNODB STATUS` has 1 MiB at most). */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/** One connection to one server, over TLS, with a deadline for everything. Used by one caller at a time. */
export class Session {
  /** The server's clock minus ours, or less; see `learnTime`. */
  #serverAhead = 0;
  /** Statements without an answer. */
  readonly #waiting = new Set<AbortController>();

  private constructor(
    private readonly connection: Connection,
    private readonly socket: Socket,
    private readonly options: SessionOptions,
  ) {}

  /** Throws NoAnswer. */
  static async open(options: SessionOptions): Promise<Session> {
    const { host, port, signal } = options;
    // Ours, because the connector ends a busy connection only by means of another one, which a server that hangs
    // does not take either.
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    try {
      const connection = await unlessAborted(createConnection(configOf(options, socket)), signal);
      // Whoever waits for an answer is told by its rejection; nobody else has to know.
      connection.on('error', () => undefined);
      const session = new Session(connection, socket, options);
      await session.learnTime();
      return session;
    } catch (error) {
      socket.destroy();
      throw explain(error, options);
    }
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && this.connection.isValid();
  }

  /**
   * Sends a statement and waits at most `within` for its answer; several sent without waiting share a round trip and
   * are carried out in order, whether an earlier one fails or not. Throws NoAnswer; after a deadline the session is over.
   */
  async query<Row>(
    rows: z.ZodType<Row>,
    sql: string,
    values: readonly (string | number)[],
    within: Millis,
  ): Promise<Row[]> {
    return readRows(rows, await this.#send(sql, values, within, explain), sql);
  }

  /** The same for a statement that holds a secret and has no rows: no error tells anything of it. Throws NoAnswer. */
  async command(sql: string, values: readonly (string | number)[], within: Millis): Promise<void> {
    await this.#send(sql, values, within, explainUnquoted);
  }

  async #send(
    sql: string,
    values: readonly (string | number)[],
    within: Millis,
    inWords: typeof explain,
  ): Promise<unknown> {
    const answered = new AbortController();
    this.#waiting.add(answered);
    const { clock } = this.options;
    const late = clock.sleepUntil(plus(clock.now(), within), answered.signal).then(() => {
      const error = new NoAnswer(`no answer within ${formatLength(within)}`);
      this.abandon(error);
      throw error;
    });
    const answer = this.connection.query<unknown>(sql, values).catch((error: unknown) => {
      throw inWords(error, this.options);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      this.#waiting.delete(answered);
      answered.abort();
    }
  }

  /**
   * Asks for the server's time. It was that sometime between question and answer; taken as late as can be, so that
   * an instant of ours is never later on the server than we mean. Throws NoAnswer.
   */
  async learnTime(): Promise<void> {
    const { clock, within } = this.options;
    const [row] = await this.query(timeRow, 'SELECT UTC_TIMESTAMP(6) AS now', [], within);
    const now = parseServerTime(row?.now ?? '');
    if (now === undefined) throw new NoAnswer('the server does not tell its time');
    this.#serverAhead = now - clock.now();
  }

  /** An instant by the server's clock, for a comparison with UTC_TIMESTAMP(6). */
  serverTime(at: Instant): string {
    return formatServerTime(plus(at, this.#serverAhead));
  }

  /** Calls `listener` once, when the connection is gone, for whatever reason. */
  whenGone(listener: () => void): void {
    this.socket.once('close', listener);
  }

  /** Ends it at once, whatever it is doing: what waits for an answer is told why. */
  abandon(because: NoAnswer): void {
    // Without an error: the connector would let it pass unheard, and an error that nobody hears ends the process.
    this.socket.destroy();
    for (const waiting of this.#waiting) waiting.abort(because);
  }

  /** In good order where the server takes part within a second. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.socket.setTimeout(1_000, () => this.socket.destroy());
    if (this.socket.destroyed) return;
    this.connection.end().catch(() => this.socket.destroy());
    await gone;
  }
}

const timeRow = z.object({ now: z.string() });

function configOf(options: SessionOptions, socket: Socket): ConnectionConfig {
  const { host, port, user, password, authority, certifiedName, within } = options;
  const config = {
    host,
    port,
    user,
    password: password.reveal(),
    stream: (give: (error?: Error, stream?: Socket) => void) => give(undefined, socket),
    ssl: {
      ca: authority,
      minVersion: 'TLSv1.2' as const,
      rejectUnauthorized: true,
      // Or it would ask for the certificate of "localhost" wherever it connects to an address. Before the password goes.
      checkServerIdentity: (_name: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
        checkServerIdentity(certifiedName, certificate),
    },
    // A server could send us, and our password, to another one.
    permitRedirect: false,
    connectTimeout: within,
    // Answered without a statement of its own; names and positions are ASCII.
    collation: 'UTF8MB4_GENERAL_CI',
    dateStrings: true,
    // Integers come as BigInt otherwise.
    bigIntAsNumber: true,
    checkNumberRange: true,
    maxAllowedPacket: LONGEST_ANSWER,
  };
  return config;
}

function readRows<Row>(schema: z.ZodType<Row>, answer: unknown, sql: string): Row[] {
  const rows = z.array(schema).safeParse(Array.isArray(answer) ? answer : []);
  if (rows.success) return rows.data;
  const [issue] = rows.error.issues;
  throw new NoAnswer(
    `the answer to ${sql.slice(0, 40)}… is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    { cause: rows.error },
  );
}

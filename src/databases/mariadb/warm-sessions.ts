import { type Clock, sleep } from '../../domain/clock.js';
import { type Millis, SECOND } from '../../domain/instant.js';
import { NoAnswer } from './no-answer.js';
import type { Session } from './session.js';

/** One for a statement that waits, one for those that look meanwhile. */
const WARM = 2;
/** How often an idle session is used, so that a dead one is found before it is needed. */
const LOOK_EVERY: Millis = 5 * SECOND;
/** Between attempts to open one: doubles from the first to the second. */
const AGAIN_AFTER: readonly [Millis, Millis] = [100, 5 * SECOND];

export interface WarmSessionsOptions {
  open(signal: AbortSignal): Promise<Session>;
  readonly clock: Clock;
  /** The first of any number of failures to connect. */
  lost(because: string): void;
  /** The first success after that. */
  back(): void;
}

/**
 * Sessions with one server: two are open before they are needed and opened anew in the background when they are lost.
 * Each is used by one caller at a time, so a statement that waits holds up nobody; where both are in use, or the server
 * had been away, a further one is opened for the occasion.
 */
export class WarmSessions implements AsyncDisposable {
  readonly #idle: Session[] = [];
  readonly #busy = new Set<Session>();
  readonly #closed = new AbortController();
  readonly #first: Promise<boolean>;
  readonly #kept: Promise<void>;
  #isReachable = true;
  #wake = new AbortController();

  constructor(private readonly options: WarmSessionsOptions) {
    this.#first = this.#refresh();
    this.#kept = this.#keep();
  }

  /** Once the first attempt to connect is over, for good or ill. */
  async ready(): Promise<void> {
    await this.#first;
  }

  /** Gives a session to `what`, for as long as that takes. Throws NoAnswer where none can be opened. */
  async use<T>(what: (session: Session) => Promise<T>): Promise<T> {
    return this.#with(this.#take() ?? (await this.#open()), what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new NoAnswer('the connections are closed');
    this.#closed.abort(closed);
    this.#wake.abort();
    for (const session of this.#busy) session.abandon(closed);
    await Promise.all(this.#idle.splice(0).map((session) => session.close()));
    await this.#kept;
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  #take(): Session | undefined {
    for (let session = this.#idle.pop(); session !== undefined; session = this.#idle.pop())
      if (session.isOpen) return session;
    return undefined;
  }

  async #with<T>(session: Session, what: (session: Session) => Promise<T>): Promise<T> {
    this.#busy.add(session);
    try {
      return await what(session);
    } finally {
      this.#busy.delete(session);
      this.#giveBack(session);
    }
  }

  #giveBack(session: Session): void {
    if (!session.isOpen) return;
    if (this.#isClosed || this.#idle.length >= WARM) void session.close();
    else this.#idle.push(session);
  }

  async #open(): Promise<Session> {
    try {
      this.#closed.signal.throwIfAborted();
      const session = await this.options.open(this.#closed.signal);
      if (!this.#isReachable) this.options.back();
      this.#isReachable = true;
      session.whenGone(() => this.#wake.abort());
      return session;
    } catch (error) {
      if (this.#isReachable && error instanceof NoAnswer && !this.#isClosed) this.options.lost(error.message);
      this.#isReachable = false;
      throw error;
    }
  }

  async #keep(): Promise<void> {
    const { clock } = this.options;
    const [first, last] = AGAIN_AFTER;
    let isWell = await this.#first;
    let again = first;
    while (!this.#isClosed) {
      // A session that is lost wakes it, unless the server is known to be away.
      const signal = isWell ? this.#wake.signal : this.#closed.signal;
      await sleep(clock, isWell ? LOOK_EVERY : again, signal).catch(() => undefined);
      this.#wake = new AbortController();
      again = isWell ? first : Math.min(again * 2, last);
      isWell = await this.#refresh();
    }
  }

  /** Uses each idle session once, then opens those that are missing; whether the server took them. */
  async #refresh(): Promise<boolean> {
    for (const session of [...this.#idle]) {
      const place = this.#idle.indexOf(session);
      // One at a time: the other stays there for whoever needs it now.
      if (place === -1) continue;
      this.#idle.splice(place, 1);
      await this.#with(session, (idle) => idle.learnTime()).catch(unlessNoAnswer);
    }
    const missing = Math.max(0, WARM - this.#idle.length - this.#busy.size);
    const opening = Array.from({ length: missing }, async () => this.#giveBack(await this.#open()));
    const opened = await Promise.allSettled(opening);
    for (const result of opened) if (result.status === 'rejected') unlessNoAnswer(result.reason);
    return opened.every(({ status }) => status === 'fulfilled');
  }
}

/** That a server does not answer is told by `lost`; anything else is a bug and must not pass unseen. */
function unlessNoAnswer(error: unknown): void {
  if (!(error instanceof NoAnswer)) throw error;
}

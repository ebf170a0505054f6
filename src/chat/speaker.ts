import { realDelay } from '../domain/clock.js';
import type { Instant, Millis } from '../domain/instant.js';
import type { Recorded, RunId } from '../runner/journal.js';
import type { Gate } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import type { RunClockLine } from './followed-runs.js';
import { askingMessage } from './gate-lines.js';
import { KeptMessages } from './kept-messages.js';
import { Merging } from './merging.js';
import type { Message } from './message.js';
import { type Below, type DeliveryKey, type MessageRef, notTold } from './platform.js';
import type { ReporterParts } from './reporter-parts.js';
import { boardMessage } from './run-board.js';
import { inShortLines } from './short-lines.js';
import { endingsMessage } from './task-lines.js';
import type { Told } from './telling.js';
import { Underway } from './underway.js';

/** A platform whose lines are shorter speaks a line protocol: what takes two lines is folded into one. */
const LINE_BYTES = 2_000;

/** How much may be on its way at once: more waits here, not in the memory of an adapter. */
const MOST_UNDERWAY = 500;

/** What is under way when the reporter ends is given a moment, in real milliseconds. */
const GRACE: Millis = 500;

/** How one destination is spoken to: what was merged, what is kept up to date, what is under way, and the cursor. */
export class Speaker {
  readonly #kept: KeptMessages;
  readonly #underway: Underway;
  readonly #lastTold = new Map<RunId, Instant>();
  readonly #merging = new Merging();
  #cursor: number;

  private constructor(
    private readonly parts: ReporterParts,
    private readonly name: string,
    cursor: number,
    /** What is on record up to here an earlier process may have told. */
    private readonly mayBeTold: number,
    private readonly signal: AbortSignal,
  ) {
    this.#cursor = cursor;
    this.#underway = new Underway(cursor, () => {
      if (this.#readsBack && !signal.aborted) void this.#advance(this.#underway.settled());
    });
    this.#kept = new KeptMessages(parts.platform, parts.to, (text) => {
      parts.trouble(text);
    });
  }

  static async open(
    parts: ReporterParts,
    name: string,
    cursor: number,
    signal: AbortSignal,
  ): Promise<Speaker> {
    const [newest] = await parts.journal.runs(1);
    const last = newest === undefined ? 0 : ((await parts.journal.read(newest)).at(-1)?.position ?? 0);
    const others = await Promise.all(
      (await parts.journal.unfinished()).map((run) => parts.journal.read(run)),
    );
    const ends = others.map((entries) => entries.at(-1)?.position ?? 0);
    return new Speaker(parts, name, cursor, Math.max(last, ...ends), signal);
  }

  lastTold(run: RunId): Instant | undefined {
    return this.#lastTold.get(run);
  }

  mergeUntil(): Instant | undefined {
    return this.#merging.until();
  }

  /** Tells what an entry means; what may be merged waits for a moment. */
  async tell(view: RunView, recorded: Recorded, told: readonly Told[]): Promise<void> {
    const { run, seq, position, at } = recorded;
    const [first] = told;
    const key = `${this.name}/${run}/${seq}`;
    if (told.length === 1 && first?.ending !== undefined) {
      const one = { view, at, key: `${key}/0`, position, ending: first.ending };
      if (!this.#merging.takes(one)) await this.flush();
      this.#merging.add(one);
      return;
    }
    // A line that waits takes the silent entries after it along.
    if (told.length === 0 && this.#merging.waitsFor(run)) this.#merging.pass(position);
    else {
      await this.flush();
      await this.#sayAll(view, recorded, told, key);
    }
    this.#showGates(view, recorded);
  }

  /** Tells what was kept to be merged. */
  async flush(): Promise<void> {
    const merged = this.#merging.take();
    if (merged === undefined) return;
    const { endings, view, at, key, position } = merged;
    await this.#moving(position, async () => {
      await this.#say(view, endingsMessage(endings, view, at), key, position, false);
    });
  }

  /** What the clock tells moves no cursor. */
  async sayByClock({ view, key, message }: RunClockLine): Promise<void> {
    const run = view.state.run;
    if (this.#hasBoard) this.#showBoard(view);
    await this.#say(view, message, `${this.name}/${run}/${key}`, Infinity, false);
  }

  async pass(position: number): Promise<void> {
    await this.flush();
    await this.#moving(position, () => Promise.resolve());
  }

  /** Gives what is under way a moment. */
  async close(): Promise<void> {
    const done = new AbortController();
    const enough = realDelay(GRACE, done.signal).catch(() => undefined);
    await Promise.race([this.#underway.atMost(0), enough]);
    done.abort(new Error('nothing is under way'));
  }

  get #readsBack(): boolean {
    return this.parts.platform.limits.readback;
  }

  get #hasBoard(): boolean {
    return this.parts.platform.limits.edits && this.parts.tell.board;
  }

  async #sayAll(view: RunView, recorded: Recorded, told: readonly Told[], key: DeliveryKey): Promise<void> {
    const { position } = recorded;
    await this.#moving(position, async () => {
      if (this.#hasBoard && (told.length > 0 || recorded.entry.kind === 'run-requested'))
        this.#showBoard(view);
      for (const [index, { message, headline }] of told.entries()) {
        if (isQuestion(recorded) && this.parts.platform.limits.edits) this.#ask(view, recorded, message);
        else await this.#say(view, message, `${key}/${index}`, position, headline);
      }
    });
    if (view.state.stage === 'ended') {
      this.#lastTold.delete(view.state.run);
      if (this.#hasBoard) this.#showBoard(view);
      this.#kept.forget(`${this.name}/${view.state.run}/`);
    }
  }

  /** Hands one message over, and does not wait until it is there. */
  async #say(
    view: RunView,
    message: Message,
    key: DeliveryKey,
    position: number,
    headline: boolean,
  ): Promise<void> {
    const { platform, to, clock } = this.parts;
    const { run, requestedAt } = view.state;
    this.#lastTold.set(run, clock.now());
    await this.#underway.atMost(MOST_UNDERWAY);
    // Where it is looked for first, the next process does; elsewhere the cursor has moved, so it is now or never.
    if (this.#readsBack && this.signal.aborted) return;
    if (this.#readsBack && position <= this.mayBeTold && (await this.#isThere(key, requestedAt))) return;
    const shown = platform.limits.maxBytes < LINE_BYTES ? inShortLines(message, run) : message;
    const board = this.#hasBoard && platform.limits.threads ? this.#boardRef(view) : undefined;
    const send = async (below?: Below): Promise<void> => {
      try {
        if (below !== undefined) await platform.send(to, shown, key, below);
        // On its disk it is as good as said: after an outage it comes in its turn, with its time.
        else if (platform.queue !== undefined) await platform.queue(to, shown, key);
        else await platform.send(to, shown, key);
      } catch (error) {
        this.parts.trouble(notTold(to, error));
      }
    };
    // An alarm does not wait for the message that it would stand below.
    const work =
      board === undefined || message.tone === 'alarm'
        ? send()
        : board.then((ref) => send(ref && { message: ref, broadcast: headline }));
    this.#underway.add(position, work);
  }

  async #isThere(key: DeliveryKey, since: Instant): Promise<boolean> {
    try {
      return (await this.parts.platform.findSent(this.parts.to, key, since)) !== undefined;
    } catch (error) {
      this.parts.trouble(notTold(this.parts.to, error));
      return false;
    }
  }

  /** Where the channel cannot be asked, the cursor moves before anything is said; elsewhere it follows. */
  async #moving(position: number, say: () => Promise<void>): Promise<void> {
    if (this.signal.aborted) return;
    if (!this.#readsBack) await this.#advance(position);
    await say();
    this.#underway.pass(position);
  }

  async #advance(position: number): Promise<void> {
    if (position <= this.#cursor) return;
    this.#cursor = position;
    try {
      await this.parts.cursors.advance(this.name, position);
    } catch (error) {
      if (!this.#readsBack) throw error;
      this.parts.trouble(notTold(this.parts.to, error));
    }
  }

  #showBoard(view: RunView): void {
    void this.#boardRef(view);
  }

  #boardRef(view: RunView): Promise<MessageRef | undefined> {
    const { run, requestedAt } = view.state;
    return this.#kept.keep({
      key: `${this.name}/${run}/board`,
      message: boardMessage(view, this.parts.clock.now(), this.parts.tell.links(view)),
      saidSince: requestedAt,
    });
  }

  /** The question is said once and then shows who has answered. */
  #ask(view: RunView, { entry, position, at }: Recorded, message: Message): void {
    const id = entry.kind === 'gate-opened' ? entry.gate : 'request';
    const key = this.#gateKey(view, id);
    const mayExist = position <= this.mayBeTold ? { saidSince: at } : {};
    this.#underway.add(position, this.#kept.keep({ key, message, ...mayExist }));
  }

  #gateKey({ state }: RunView, id: string): DeliveryKey {
    return `${this.name}/${state.run}/gate/${id}`;
  }

  /** Votes, and how it came out, are shown where the question was put. */
  #showGates(view: RunView, { entry }: Recorded): void {
    if (!this.parts.platform.limits.edits || !('gate' in entry) || entry.kind === 'gate-opened') return;
    const gate = view.state.gates.find(({ id }) => id === entry.gate);
    if (gate === undefined) return;
    const key = this.#gateKey(view, isFirstRequest(view, gate) ? 'request' : gate.id);
    void this.#kept.keep({ key, message: askingMessage(view.state, gate), saidSince: askedAt(view, gate) });
  }
}

const isQuestion = ({ entry }: Recorded): boolean =>
  entry.kind === 'gate-opened' || entry.kind === 'run-requested';

/** The question that was put with the request itself; later ones are asked anew. */
const isFirstRequest = ({ state }: RunView, gate: Gate): boolean =>
  gate.for.kind === 'request' && gate === state.gates[0];

const askedAt = (view: RunView, gate: Gate): Instant =>
  isFirstRequest(view, gate) ? view.state.requestedAt : gate.openedAt;

import { mkdirSync } from 'node:fs';
import { type Files, openFiles } from '../../src/compose/files.js';
import { type House, openHouse } from '../../src/compose/house.js';
import type { Config } from '../../src/config/config.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import { sleep } from '../../src/domain/clock.js';
import { type Instant, type Millis, instant } from '../../src/domain/instant.js';
import type { RunId } from '../../src/runner/journal.js';
import { datacenter } from '../../src/domain/names.js';
import type { RunState } from '../../src/runner/run-state.js';
import { type FastClock, fastClock } from '../../src/simulation/fast-clock.js';
import type { SimulatedWorld } from '../../src/simulation/simulated-world.js';
import { helpfulLines, type Line } from './full-crowd.js';
import { temporaryFolder } from './temporary-folder.js';
import { ToldHouse } from './told-house.js';

/** Read-only is announced for 14:00; what comes before it takes about eight minutes. */
export const EVENT = instant(Date.parse('2026-03-25T14:00:00Z'));
export const BEGINNING = instant(EVENT - 12 * 60_000);

/** The datacenters of the embedded configuration, as they are in March. */
export const FROM = datacenter('codfw');
export const TO = datacenter('eqiad');

/** No run takes longer, in simulated time. */
const LONGEST: Millis = 8 * 3_600_000;

const BREATH: Millis = 10_000;

export interface FullHouseOptions {
  readonly clock?: FastClock;
  /** Whether the Server Admin Log follows the journal. */
  readonly sal?: boolean;
  /** Simulated seconds in one of the clock's. */
  readonly speed?: number;
  /** The embedded one unless told. */
  readonly config?: Config;
  /** Puts something around the files: who watches the writes. */
  readonly around?: (files: Files) => Files;
}

/**
 * The whole house as it is composed for the service (the embedded store, the simulated pair of datacenters, the real
 * runner with the real runbooks), on files of its own and a clock that jumps from event to event. One is one process
 * image: another one that is opened on the same folder, or on a copy, finds what that one has written, and nothing else.
 */
export class FullHouse extends ToldHouse {
  readonly #sal: Promise<void>;

  private constructor(
    readonly folder: string,
    readonly clock: FastClock,
    readonly files: Files,
    house: House,
    follow: boolean,
    troubles: string[],
  ) {
    super(house, troubles);
    this.#sal = follow ? this.followed() : Promise.resolve();
  }

  static async open(folder: string, options: FullHouseOptions = {}): Promise<FullHouse> {
    const clock = options.clock ?? fastClock(BEGINNING);
    mkdirSync(folder, { recursive: true });
    const opened = openFiles(folder, 'none');
    const files = options.around?.(opened) ?? opened;
    const troubles: string[] = [];
    const house = await openHouse({
      config: options.config ?? embeddedDefaults('somebody'),
      files,
      wall: clock,
      speed: options.speed ?? 1,
      startAt: BEGINNING,
      trouble: (text) => troubles.push(text),
      report: ({ error }) => troubles.push(String(error)),
    });
    return new FullHouse(folder, clock, files, house, options.sal ?? false, troubles);
  }

  /** One on a folder of its own, which goes with it. */
  static async fresh(options: FullHouseOptions = {}): Promise<FullHouse & AsyncDisposable> {
    const folder = temporaryFolder();
    const full = await FullHouse.open(folder.path, options);
    return Object.assign(full, {
      async [Symbol.asyncDispose]() {
        await full.close();
        folder[Symbol.dispose]();
      },
    });
  }

  get world(): SimulatedWorld {
    const { simulation } = this.house.world;
    if (simulation === undefined) throw new Error('this house stands in the real world');
    return simulation.world;
  }

  now(): Instant {
    return this.house.clock.now();
  }

  /** Resolves once the run is so; looks after every entry of the journal. Nobody answers anything. */
  until(run: RunId, what: (state: RunState) => boolean): Promise<RunState> {
    return this.helped(run, what, () => []);
  }

  /** People who mean well answer whatever the run asks for, until it is so (until it has ended). */
  async helped(
    run: RunId,
    what: (state: RunState) => boolean = hasEnded,
    lines: (state: RunState) => readonly Line[] = helpfulLines,
    signal: AbortSignal = this.stop.signal,
  ): Promise<RunState> {
    const done = new AbortController();
    const late = new AbortController();
    const stop = AbortSignal.any([done.signal, signal]);
    // On a clock that jumps, waiting for what never happens would never end.
    sleep(this.house.clock, LONGEST, stop).then(
      () => late.abort(),
      () => undefined,
    );
    try {
      return await this.#helped(run, what, lines, AbortSignal.any([late.signal, signal]));
    } catch (error) {
      if (!late.signal.aborted) throw error;
      throw new Error(`after hours of helping: ${await this.asked('alice', `why ${run}`)}`, { cause: error });
    } finally {
      done.abort(new Error('it is so'));
    }
  }

  /** The same, but for no longer than this much simulated time. */
  async helpedWithin(
    run: RunId,
    length: Millis,
    what: (state: RunState) => boolean = hasEnded,
    lines: (state: RunState) => readonly Line[] = helpfulLines,
  ): Promise<void> {
    const over = new AbortController();
    const until = instant(this.now() + length);
    const enough = (state: RunState): boolean => what(state) || hasEnded(state) || this.now() >= until;
    const helping = this.helped(run, enough, lines, over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) throw error;
    });
    await Promise.race([helping, this.pass(length)]);
    over.abort(new Error('that was long enough'));
    await helping;
  }

  /** Lets simulated time pass. */
  pass(length: Millis): Promise<void> {
    return sleep(this.house.clock, length, this.stop.signal);
  }

  /** Resolves once everything that is in the journal has been logged. */
  async logged(): Promise<void> {
    const newest = await this.newest();
    while ((await this.house.sal.position()) < newest && !this.stop.signal.aborted) await this.pass(1);
  }

  /** The process is gone without a word. What it has written is there, and nothing else; time goes on without it. */
  die(): void {
    this.clock.stop();
    this.stop.abort(new Error('the process has died'));
    this.files.close();
  }

  async close(): Promise<void> {
    this.stop.abort(new Error('closing'));
    await this.house.close();
    await this.#sal;
    this.clock.stop();
    this.files.close();
  }

  async #helped(
    run: RunId,
    what: (state: RunState) => boolean,
    lines: (state: RunState) => readonly Line[],
    signal: AbortSignal,
  ): Promise<RunState> {
    let lastSaid: string | undefined;
    const cursor = (await this.entries(run)).at(-1)?.position ?? 1;
    for await (const _ of this.house.journal.follow(cursor - 1, signal)) {
      for (;;) {
        const state = await this.state(run);
        if (what(state)) return state;
        const [first] = lines(state);
        if (first === undefined) break;
        // Where the answer leads to the same question at once, people take a breath before they say it again.
        const isAgain = first.says === lastSaid;
        lastSaid = isAgain ? undefined : first.says;
        if (isAgain) await this.pass(BREATH);
        else if ((await this.say(first.by, first.says)).status !== 'ok') break;
      }
    }
    throw new Error('the house was closed');
  }
}

const hasEnded = (state: RunState): boolean => state.stage === 'ended';

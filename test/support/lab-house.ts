import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.js';
import { loadLabConfig } from '../../lab/load-lab-config.js';
import { type Files, openFiles } from '../../src/compose/files.js';
import { type House, openHouse } from '../../src/compose/house.js';
import { systemClock } from '../../src/domain/clock.js';
import { MINUTE, type Millis } from '../../src/domain/instant.js';
import type { RunId } from '../../src/runner/journal.js';
import type { RunState } from '../../src/runner/run-state.js';
import { helpfulLines, type Line } from './full-crowd.js';
import { messageText } from './message-text.js';
import { startLine, ToldHouse } from './told-house.js';

/** No run on the lab takes longer. */
const LONGEST: Millis = 5 * MINUTE;

/** The whole house with a lab for its world and real time. */
export class LabHouse extends ToldHouse implements AsyncDisposable {
  readonly #sal: Promise<void>;

  private constructor(
    readonly files: Files,
    house: House,
    troubles: string[],
  ) {
    super(house, troubles);
    this.#sal = this.followed();
  }

  /** On a folder of records of its own below the lab's: another one on the same folder takes up what this one left. */
  static async open(lab: Lab, records = 'records'): Promise<LabHouse> {
    const folder = path.join(lab.ground.folder, records);
    mkdirSync(folder, { recursive: true });
    const files = openFiles(folder);
    const troubles: string[] = [];
    const house = await openHouse({
      config: await loadLabConfig(lab),
      files,
      wall: systemClock(),
      speed: 1,
      trouble: (text) => troubles.push(text),
      report: ({ error }) => troubles.push(String(error)),
    });
    house.world.warm();
    return new LabHouse(files, house, troubles);
  }

  /** alice asks for a run; again where servers were too busy to be looked at, as she is told to then. */
  override async start(words = ''): Promise<RunId> {
    const late = AbortSignal.timeout(MINUTE);
    while (!late.aborted) {
      const { status, message, data } = await this.say('alice', startLine(words));
      if (status === 'ok') return (data as { run: RunId }).run;
      if (!messageText(message).includes('cannot be looked at')) break;
    }
    return super.start(words);
  }

  /** Resolves once everything that is in the journal has been logged. */
  async logged(): Promise<void> {
    const newest = await this.newest();
    const late = AbortSignal.timeout(10_000);
    while ((await this.house.sal.position()) < newest) await sleep(20, undefined, { signal: late });
  }

  /** Resolves once the run is so. Nobody answers anything. */
  until(run: RunId, what: (state: RunState) => boolean, within = LONGEST): Promise<RunState> {
    return this.helped(run, what, () => [], within);
  }

  /** People who mean well answer whatever the run asks for, until it is so (until it has ended). */
  async helped(
    run: RunId,
    what: (state: RunState) => boolean = ({ stage }) => stage === 'ended',
    lines: (state: RunState) => readonly Line[] = helpfulLines,
    within = LONGEST,
  ): Promise<RunState> {
    const late = AbortSignal.timeout(within);
    const signal = AbortSignal.any([late, this.stop.signal]);
    const cursor = (await this.entries(run)).at(-1)?.position ?? 1;
    try {
      for await (const _ of this.house.journal.follow(cursor - 1, signal))
        for (;;) {
          const state = await this.state(run);
          if (what(state)) return state;
          const [first] = lines(state);
          if (first === undefined || (await this.say(first.by, first.says)).status !== 'ok') break;
        }
    } catch (error) {
      if (!late.aborted) throw error;
    }
    throw new Error(`it never was so: ${await this.asked('alice', `why ${run}`)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort(new Error('closing'));
    await this.house.close();
    await this.#sal;
    this.files.close();
  }
}

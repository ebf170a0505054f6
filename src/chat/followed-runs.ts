import { type Instant, instant } from '../domain/instant.js';
import { foldRun } from '../runner/evolve.js';
import type { JournalReader, Recorded, RunId } from '../runner/journal.js';
import type { PreparedRun } from '../runner/prepared-run.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { type ClockLine, QUIET, clockLines, nextClockLine } from './clock-lines.js';
import type { ReporterParts } from './reporter-parts.js';

/** When something was last told about a run. */
export interface Heard {
  lastTold(run: RunId): Instant | undefined;
}

interface Followed {
  readonly run: PreparedRun | undefined;
  readonly state: RunState;
}

export interface RunClockLine extends ClockLine {
  readonly view: RunView;
}

type Parts = Pick<ReporterParts, 'journal' | 'clock' | 'preparedRun' | 'tell'>;

/** The runs that are going on, as far as a reporter has read, and what the clock has to tell of them. */
export class FollowedRuns {
  readonly #runs = new Map<RunId, Followed>();
  /** What the clock had to tell up to here has been told, or is not to be told any more. */
  #looked: Instant;

  private constructor(private readonly parts: Parts) {
    this.#looked = parts.clock.now();
  }

  /** Knows what unfinished runs were at the cursor: nothing may happen in one of them for a while. */
  static async open(parts: Parts, cursor: number): Promise<FollowedRuns> {
    const runs = new FollowedRuns(parts);
    for (const id of await parts.journal.unfinished()) {
      const state = foldRun((await parts.journal.read(id)).filter(({ position }) => position <= cursor));
      if (state !== undefined) runs.#runs.set(id, { run: await parts.preparedRun(id), state });
    }
    return runs;
  }

  /** What a run was before this entry. */
  async before(recorded: Recorded): Promise<RunState | undefined> {
    return this.#runs.get(recorded.run)?.state ?? stateBefore(this.parts.journal, recorded);
  }

  /** From now on it is so. The run itself, where its runbook is known. */
  async follow(recorded: Recorded, state: RunState): Promise<PreparedRun | undefined> {
    const run = this.#runs.get(recorded.run)?.run ?? (await this.parts.preparedRun(recorded.run));
    if (state.stage === 'ended') this.#runs.delete(recorded.run);
    else this.#runs.set(recorded.run, { run, state });
    return run;
  }

  /** When the clock will have something to tell. */
  nextTick(): Instant | undefined {
    if (!this.parts.tell.byClock) return undefined;
    const times = this.#views().flatMap((view) => {
      const next = nextClockLine(view, this.#looked);
      return next === undefined ? [] : [next];
    });
    return times.length === 0 ? undefined : instant(Math.min(...times));
  }

  /** What the clock has to tell since it was last looked at. */
  tick(now: Instant, heard: Heard): RunClockLine[] {
    if (!this.parts.tell.byClock) return [];
    const lines = this.#views().flatMap((view) =>
      clockLines(view, this.#looked, now)
        .filter((line) => !line.isHeartbeat || now - (heard.lastTold(view.state.run) ?? 0) >= QUIET)
        .map((line) => ({ ...line, view })),
    );
    this.#looked = instant(Math.max(this.#looked, now));
    return lines;
  }

  #views(): RunView[] {
    return [...this.#runs.values()].flatMap(({ run, state }) => (run === undefined ? [] : [{ run, state }]));
  }
}

async function stateBefore(journal: JournalReader, { run, seq }: Recorded): Promise<RunState | undefined> {
  if (seq === 1) return undefined;
  const entries = await journal.read(run);
  return foldRun(entries.filter((entry) => entry.seq < seq));
}

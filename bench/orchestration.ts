import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.js';
import { openBenchHouse, runSwitchover } from './bench-house.js';
import { rawInserts } from './raw-inserts.js';

const RUNS = 5;

export interface Orchestration {
  readonly tasks: number;
  readonly entries: number;
  /** Of a whole run, median, in milliseconds: nothing of it is waiting. */
  readonly runMs: number;
  readonly msPerTask: number;
  /** The same texts as rows of a bare SQLite file with the same settings. */
  readonly rawMs: number;
  readonly rawMsPerTask: number;
}

/** What a switchover costs where every wait is jumped over, beside the disk writes that it cannot do without. */
export async function orchestration(): Promise<Orchestration> {
  const directory = mkdtempSync(join(tmpdir(), 'switchdc-bench-'));
  try {
    const { house, close } = await openBenchHouse(directory);
    const took: number[] = [];
    let tasks = 0;
    let texts: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const began = performance.now();
      const state = await runSwitchover(house);
      took.push(performance.now() - began);
      if (state.ended?.result !== 'PASS') throw new Error(`run ${state.run}: ${state.ended?.because ?? ''}`);
      tasks = Object.keys(state.tasks).length;
      texts = (await house.journal.read(state.run)).map(({ entry }) => JSON.stringify(entry));
    }
    await close();
    const rawMs = rawInserts(join(directory, 'raw.db'), texts);
    const runMs = median(took);
    return {
      tasks,
      entries: texts.length,
      runMs,
      msPerTask: runMs / tasks,
      rawMs,
      rawMsPerTask: rawMs / tasks,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

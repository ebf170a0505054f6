import type { CommitRun } from './world-state.js';

/**
 * Adds one commit to a log of runs. Commits at regular distances become one run, so that a replica that is stuck for a
 * week costs no more than one that is stuck for a second. Changes `runs`.
 */
export function addCommit(runs: CommitRun[], at: number): void {
  const last = runs.at(-1);
  if (last === undefined) {
    runs.push({ first: at, step: 1, count: 1 });
    return;
  }
  if (last.count === 1 && at > last.first) {
    last.step = at - last.first;
    last.count = 2;
  } else if (at === last.first + last.step * last.count) last.count += 1;
  else runs.push({ first: at, step: 1, count: 1 });
}

/** How many commits of a run are not later than an instant. Pure. */
export function countUpTo(run: CommitRun, at: number): number {
  if (at < run.first) return 0;
  return Math.min(run.count, Math.floor((at - run.first) / run.step) + 1);
}

/** Takes everything up to an instant out of the log and says how many commits that were. Changes `runs`. */
export function takeUpTo(runs: CommitRun[], at: number): number {
  let taken = 0;
  let kept = 0;
  for (const run of runs) {
    const count = countUpTo(run, at);
    taken += count;
    if (count === run.count) continue;
    runs[kept] = { first: run.first + run.step * count, step: run.step, count: run.count - count };
    kept += 1;
  }
  runs.length = kept;
  return taken;
}

export function countAll(runs: readonly CommitRun[]): number {
  return runs.reduce((sum, run) => sum + run.count, 0);
}

/** When the n-th commit of the log (from 1, in time) was made, or undefined when there are fewer. Pure. */
export function instantOfCommit(runs: readonly CommitRun[], n: number): number | undefined {
  if (n < 1 || n > countAll(runs)) return undefined;
  let low = Math.min(...runs.map((run) => run.first));
  let high = Math.max(...runs.map((run) => run.first + run.step * (run.count - 1)));
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (runs.reduce((sum, run) => sum + countUpTo(run, middle), 0) >= n) high = middle;
    else low = middle + 1;
  }
  return low;
}

import type { Millis } from '../domain/instant.js';
import type { Mode } from '../runbook/mode.js';
import type { Usually } from '../runbook/resolve.js';
import { foldRun } from './evolve.js';
import type { JournalReader } from './journal.js';
import type { RunState } from './run-state.js';

/** Fewer runs than this say nothing about what is usual. */
const ENOUGH = 3;

/** The newest ended runs of a runbook in one mode, newest first. Reads. */
export async function endedRuns(
  journal: JournalReader,
  runbook: string,
  mode: Mode,
  most = 20,
): Promise<RunState[]> {
  const found: RunState[] = [];
  for (const run of await journal.runs(200)) {
    const state = foldRun(await journal.read(run));
    if (state?.ended !== undefined && state.runbook === runbook && state.mode === mode) found.push(state);
    if (found.length === most) break;
  }
  return found;
}

/** The 75th percentile of how long each observed task took in earlier runs that passed. Pure. */
export function usualDurations(runs: readonly RunState[]): Usually {
  const lengths = new Map<string, Millis[]>();
  for (const run of runs.filter((state) => state.ended?.result === 'PASS'))
    for (const [id, task] of Object.entries(run.tasks)) {
      if (task.end !== 'observed' || task.startedAt === undefined || task.endedAt === undefined) continue;
      lengths.set(id, [...(lengths.get(id) ?? []), task.endedAt - task.startedAt]);
    }
  return Object.fromEntries(
    [...lengths]
      .filter(([, taken]) => taken.length >= ENOUGH)
      .map(([id, taken]) => [id, percentile75(taken)]),
  );
}

function percentile75(values: readonly Millis[]): Millis {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.75) - 1] ?? 0;
}

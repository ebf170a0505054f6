import type { Clock } from '../domain/clock.js';
import type { Json } from '../domain/json.js';
import type { Mode } from '../runbook/mode.js';
import type { Runbook } from '../runbook/runbook.js';
import { foldRun } from './evolve.js';
import type { Journal, RunId } from './journal.js';
import type { prepareRun } from './prepared-run.js';
import { RunFile } from './run-file.js';

/** The runs that this process knows, each once. */
export interface RunFiles {
  /** Undefined for a run that is not there, or that cannot be prepared. */
  load(run: RunId): Promise<RunFile | undefined>;
  /** One that has begun here. */
  keep(file: RunFile): void;
  forget(run: RunId): void;
}

type Prepare = (runbook: Runbook, params: Json, mode: Mode) => Promise<ReturnType<typeof prepareRun>>;

/** So many ended runs are kept in memory. */
const MOST_ENDED = 4;

export function openRunFiles(
  journal: Journal,
  clock: Clock,
  runbooks: readonly Runbook[],
  prepare: Prepare,
): RunFiles {
  const files = new Map<RunId, Promise<RunFile | undefined>>();
  const ended: RunId[] = [];

  /** Ended runs are looked at again for a while (a recap, a follower that catches up), and then left in the journal. */
  const forgetOldest = (run: RunId): void => {
    ended.push(run);
    for (const oldest of ended.splice(0, Math.max(0, ended.length - MOST_ENDED))) files.delete(oldest);
  };

  const loadFile = async (run: RunId): Promise<RunFile | undefined> => {
    const state = foldRun(await journal.read(run));
    const runbook = runbooks.find((candidate) => candidate.name === state?.runbook);
    if (state === undefined || runbook === undefined) return undefined;
    const prepared = await prepare(runbook, state.params, state.mode);
    return prepared.ok ? RunFile.load(run, () => prepared.run, journal, clock) : undefined;
  };

  return {
    load(run) {
      const known = files.get(run);
      if (known !== undefined) return known;
      const loading = loadFile(run);
      files.set(run, loading);
      // A run that could not be read just now, or is not there yet, is read again when it is next asked for.
      const forget = (file?: RunFile): void => {
        if (file === undefined && files.get(run) === loading) files.delete(run);
        if (file?.state.stage === 'ended') forgetOldest(run);
      };
      loading.then(forget, () => {
        forget();
      });
      return loading;
    },
    keep: (file) => void files.set(file.state.run, Promise.resolve(file)),
    forget: (run) => void files.delete(run),
  };
}

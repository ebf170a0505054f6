import { runLines } from '../chat/run-lines.js';
import { evolve, foldRun } from '../runner/evolve.js';
import { endedRuns } from '../runner/history.js';
import type { RunId } from '../runner/journal.js';
import { measuredTimes, type ReadOnlyTime } from '../runner/run-history.js';
import type { RunState } from '../runner/run-state.js';
import type { Followed } from '../service/socket-server.js';
import { publishedReadOnlyTimes } from '../../runbooks/mediawiki/read-only-history.js';
import type { House } from './house.js';

/** What an operations channel is told about one run from `after` on, until it ends or the signal. */
export async function* followRun(
  house: House,
  run: RunId,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  const { journal, runner } = house;
  const entries = await journal.read(run);
  let state = foldRun(entries.filter((recorded) => recorded.position <= after));
  if (foldRun(entries) === undefined || state?.ended !== undefined) {
    yield state?.ended === undefined ? { kind: 'end' } : { kind: 'end', result: state.ended.result };
    return;
  }
  for await (const recorded of journal.follow(after, signal)) {
    if (recorded.run !== run) continue;
    const before: RunState | undefined = state;
    state = evolve(before, recorded);
    const prepared = (await runner.view(run))?.run;
    if (prepared !== undefined) {
      const history = recorded.entry.kind === 'run-ended' ? await readOnlyTimes(house, state) : [];
      for (const message of runLines(before, { run: prepared, state }, recorded, history))
        yield { kind: 'said', message };
    }
    if (recorded.entry.kind === 'run-ended') {
      yield { kind: 'end', result: recorded.entry.result };
      return;
    }
  }
}

/** The read-only times that a run is shown beside: published ones and those of earlier runs here. */
export async function readOnlyTimes(
  { journal, runbooks }: House,
  state: RunState,
): Promise<readonly ReadOnlyTime[]> {
  const window = runbooks.find(({ name }) => name === state.runbook)?.window;
  const earlier = (await endedRuns(journal, state.runbook, state.mode)).filter(
    (other) => other.run < state.run,
  );
  return [...publishedReadOnlyTimes, ...measuredTimes(earlier, window)];
}

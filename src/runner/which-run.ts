import { plural } from '../domain/text.js';
import { type Result, done, refused } from './refusal.js';
import type { RunView, Runner } from './runner.js';

/** The run that somebody means: the one named, or the only one that has not ended. Reads. */
export async function whichRun(runner: Runner, named: number | undefined): Promise<Result<RunView>> {
  if (named !== undefined) {
    const view = await runner.view(named);
    return view === undefined ? refused(`there is no run ${named}`, '`runs` lists them') : done(view);
  }
  const unfinished = await runner.unfinished();
  const [only] = unfinished;
  if (only === undefined)
    return refused('no run is going on', '`start` asks for one; `runs` lists the earlier ones');
  if (unfinished.length > 1)
    return refused(
      `${plural(unfinished.length, 'run')} have not ended`,
      `say which: ${unfinished.join(', ')}`,
    );
  const view = await runner.view(only);
  return view === undefined
    ? refused(`run ${only} belongs to a runbook that is not here`, 'the version that began it')
    : done(view);
}

import { plural } from '../domain/text.js';
import { type Result, done, refused } from './refusal.js';
import type { RunView, Runner } from './runner.js';

/**
 * The run that somebody means: the one named, or the only one that has not ended; a dry run beside it is not meant, for
 * it waits for nobody. `fits` narrows the choice further where it can. Reads.
 */
export async function whichRun(
  runner: Runner,
  named: number | undefined,
  fits: (view: RunView) => boolean = () => true,
): Promise<Result<RunView>> {
  if (named !== undefined) {
    const view = await runner.view(named);
    return view === undefined ? refused(`there is no run ${named}`, '`runs` lists them') : done(view);
  }
  const views: RunView[] = [];
  for (const run of await runner.unfinished()) {
    const view = await runner.view(run);
    if (view !== undefined) views.push(view);
  }
  const left = narrowed(
    narrowed(views, ({ state }) => state.mode !== 'dry-run'),
    fits,
  );
  const [only] = left;
  if (only === undefined)
    return refused('no run is going on', '`start` asks for one; `runs` lists the earlier ones');
  if (left.length === 1) return done(only);
  return refused(
    `${plural(left.length, 'run')} have not ended`,
    `say which: ${left.map(({ state }) => state.run).join(', ')}`,
  );
}

/** Those that fit, or all where none does. */
function narrowed(views: readonly RunView[], fits: (view: RunView) => boolean): readonly RunView[] {
  const left = views.filter(fits);
  return left.length === 0 ? views : left;
}

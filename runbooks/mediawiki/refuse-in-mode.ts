import { listed } from '../../src/domain/text.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { MediaWikiParams } from './params.js';
import { isUrgent } from './phases.js';

/** Chosen tasks of phases 2 to 7 are a rehearsal; in a live run they would leave the wikis half switched over. Pure. */
export function refuseInMode(
  { only }: MediaWikiParams,
  mode: Mode,
): { readonly problem: string; readonly needed: string } | undefined {
  const urgent = (only ?? []).filter((id) => isUrgent(String(Number(id.slice(0, 2)))));
  if (mode !== 'live' || urgent.length === 0) return undefined;
  return {
    problem: `${listed(urgent)} cannot be run alone in a live run: phases 2 to 7 belong together`,
    needed: '--live-test or --dry-run; or a whole live run, without --only',
  };
}

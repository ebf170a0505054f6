import { type Evidence, evidenceLine } from '../runbook/finding.js';
import type { ReadOnlyWindow } from '../runbook/runbook.js';
import type { RunState } from '../runner/run-state.js';

/** What a journal entry has to say in the log, and on whose behalf. */
export interface SalLine {
  /** The person whose word it is; for what the run does by itself, its operator. */
  readonly author: string;
  readonly text: string;
}

/** What the log needs to know of a run besides its journal. */
export interface SalContext {
  /** The period that people cannot edit, where the runbook has one. */
  readonly window?: ReadOnlyWindow;
  /** The line that is prescribed for a manual task; its title where there is none. */
  salText(task: string): string | undefined;
}

/** `switchdc mediawiki`: what acts, as in the lines of other automation. Pure. */
export const actor = (run: RunState): string => `switchdc ${run.runbook}`;

/** `switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41)`. Pure. */
export function wholeRun(run: RunState): string {
  const task = run.reason.task === undefined ? '' : ` - ${run.reason.task}`;
  return `${actor(run)} for ${run.description.replace(/^for /, '')}${task} ${runNumber(run)}`;
}

/** `(run 41)`: tells the lines of runs apart that overlap in time. Pure. */
export const runNumber = ({ run }: RunState): string => `(run ${run})`;

const MOST_EVIDENCE = 5;

/**
 * What was seen that should not have been; everything that was seen where nothing was expected. A few of them: the
 * journal and the report keep all. Pure.
 */
export function evidenceText(evidence: readonly Evidence[]): string {
  const wrong = evidence.filter(({ seen, expected }) => expected !== undefined && seen !== expected);
  return few(wrong.length > 0 ? wrong : evidence);
}

/** What is told although it stopped nothing. Pure. */
export function warningText(evidence: readonly Evidence[]): string {
  return few(evidence.filter(({ warning }) => warning === true));
}

function few(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, MOST_EVIDENCE).map(evidenceLine);
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

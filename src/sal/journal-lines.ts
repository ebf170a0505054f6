import type { PersonName } from '../domain/names.js';
import { modeMark } from '../runbook/mode.js';
import type { Entry } from '../runner/entry.js';
import { evolve } from '../runner/evolve.js';
import type { Recorded } from '../runner/journal.js';
import type { RunState } from '../runner/run-state.js';
import { readOnlyTexts } from './read-only-texts.js';
import { runTexts } from './run-texts.js';
import type { SalContext, SalLine } from './sal-line.js';
import { taskTexts } from './task-texts.js';

/** What the lines of a run depend on: what its journal means so far, and what has been told of it. */
export interface SalState {
  readonly run: RunState;
  readonly readOnlyStartTold: boolean;
}

export interface JournalLines {
  readonly state: SalState;
  readonly lines: readonly SalLine[];
}

/**
 * What the next entry of a run's journal says in the log. The lines follow from the entries alone, so following them
 * again after a crash says the same. A dry run says nothing: nothing is written anywhere. Pure.
 */
export function journalLines(
  state: SalState | undefined,
  recorded: Recorded,
  context: SalContext,
): JournalLines {
  const { entry } = recorded;
  const run = evolve(state?.run, recorded);
  const before = state?.run ?? run;
  const readOnly = readOnlyTexts(before, run, context.window, state?.readOnlyStartTold ?? false);
  const next: SalState = { run, readOnlyStartTold: readOnly.startTold };
  if (run.mode === 'dry-run') return { state: next, lines: [] };
  const task = 'task' in entry ? taskTexts(before, run, entry.task, context) : [];
  const author = speaker(run, entry);
  const texts = [...task, ...readOnly.texts, ...runTexts(run, entry)];
  return { state: next, lines: texts.map((text) => ({ author, text: `${modeMark(run.mode)}${text}` })) };
}

function speaker(run: RunState, entry: Entry): PersonName {
  return 'by' in entry && entry.by !== undefined ? entry.by.person : run.operator;
}

import type { Entry } from '../runner/entry.js';
import type { Recorded } from '../runner/journal.js';
import type { ReadOnlyTime } from '../runner/run-history.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { communityLines } from './community-lines.js';
import type { Crowd } from './gate-lines.js';
import type { Message } from './message.js';
import { beginsToWait } from './operator-waits.js';
import type { RunLink } from './run-board.js';
import { runLines } from './run-lines.js';
import { type TaskEnding, taskEnding } from './task-lines.js';
import { windowLines } from './window-lines.js';

/**
 * How much of a run is told: each task; each phase; what comes out of it; what the communities have to know, in plain
 * language; nothing.
 */
export const VERBOSITIES = ['tasks', 'phases', 'results', 'milestones', 'nothing'] as const;

export type Verbosity = (typeof VERBOSITIES)[number];

/** One thing that is told about a run. */
export interface Told {
  readonly message: Message;
  /** Worth showing to everybody in a channel where details are kept in a thread. */
  readonly headline: boolean;
  /** The message is about this task's end alone: it may be told in one line with others. */
  readonly ending?: TaskEnding;
}

/** What a destination is told of runs. */
export interface Telling {
  /** What one entry means there. */
  entry(before: RunState | undefined, view: RunView, recorded: Recorded): Promise<readonly Told[]>;
  /** Whether the clock is told too: how long read-only has lasted, how long a wait still lasts. */
  readonly byClock: boolean;
  /** Whether one message about each run is kept up to date, where that is possible. */
  readonly board: boolean;
  /** Where more is to be read about a run; the board shows it. */
  links(view: RunView): readonly RunLink[];
}

export interface TellingParts {
  readonly crowd: Crowd;
  links(view: RunView): readonly RunLink[];
  /** Read-only times of earlier runs, for the end of one. */
  history(state: RunState): Promise<readonly ReadOnlyTime[]>;
}

/** Undefined where only announcements are wanted. */
export function tellingOf(verbosity: Verbosity, parts: TellingParts): Telling | undefined {
  const links = (view: RunView): readonly RunLink[] => parts.links(view);
  switch (verbosity) {
    case 'tasks':
      return { entry: (...entry) => allLines(parts, ...entry), byClock: true, board: true, links };
    case 'phases':
      return {
        links,
        entry: (...entry) => chosenLines(parts, isOfPhase(parts, ...entry), ...entry),
        byClock: true,
        board: true,
      };
    case 'results':
      return {
        links,
        entry: (...entry) => chosenLines(parts, RESULTS.includes(entry[2].entry.kind), ...entry),
        byClock: false,
        board: false,
      };
    case 'milestones':
      return {
        links,
        entry: (...entry) => Promise.resolve(communityLines(...entry).map(headline)),
        byClock: false,
        board: false,
      };
    case 'nothing':
      return undefined;
  }
}

type Kinds = readonly Entry['kind'][];
type OneEntry = readonly [before: RunState | undefined, view: RunView, recorded: Recorded];

/** Besides read-only, which is told by what was observed and not by one kind of entry. */
const RESULTS: Kinds = ['run-started', 'abort-asked', 'run-ended'];

const OF_A_PHASE: Kinds = [
  ...RESULTS,
  'run-requested',
  'phase-started',
  'gate-opened',
  'gate-reminded',
  'gate-settled',
  'alarm',
  'run-held',
  'run-resumed',
  'operator-changed',
  'rollback-started',
  'lease-lost',
  'lock-taken-by-another',
  'recovered',
];

const headline = (message: Message): Told => ({ message, headline: true });

/** Whoever is called is told why, however few lines a channel wants. */
function isOfPhase({ crowd }: TellingParts, ...[before, view, { entry }]: OneEntry): boolean {
  const was = before === undefined ? undefined : { ...view, state: before };
  return OF_A_PHASE.includes(entry.kind) || beginsToWait(was, view, crowd);
}

async function allLines(parts: TellingParts, ...told: OneEntry): Promise<readonly Told[]> {
  const [before, view, recorded] = told;
  const { entry, at } = recorded;
  const history = entry.kind === 'run-ended' ? await parts.history(view.state) : [];
  const isLoud = isOfPhase(parts, ...told);
  const ending = 'task' in entry ? taskEnding(before, view, entry.task, at) : undefined;
  const messages = runLines(before, view, recorded, history, parts.crowd);
  // The clock of read-only comes last, as runLines has it.
  const windows = entry.kind.startsWith('step-') ? windowLines(before, view).length : 0;
  return messages.map((message, index) => ({
    message,
    headline: isLoud || message.tone === 'alarm' || index >= messages.length - windows,
    ...(ending !== undefined && index === 0 && !isLoud ? { ending } : {}),
  }));
}

async function chosenLines(
  parts: TellingParts,
  isChosen: boolean,
  ...told: OneEntry
): Promise<readonly Told[]> {
  const [before, view, recorded] = told;
  if (isChosen) return (await allLines(parts, ...told)).map(({ message }) => headline(message));
  return recorded.entry.kind.startsWith('step-') ? windowLines(before, view).map(headline) : [];
}

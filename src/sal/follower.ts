import type { Entry } from '../runner/entry.js';
import type { JournalReader, Recorded, RunId } from '../runner/journal.js';
import type { NewSalEntry, SalEntry } from './entry.js';
import type { FollowerLog } from './follower-log.js';
import { type SalState, journalLines } from './journal-lines.js';
import { fittedMessage } from './message.js';
import type { SalContext } from './sal-line.js';

export interface SalFollower {
  readonly journal: JournalReader;
  readonly log: FollowerLog;
  /** The project that runs are logged in. */
  readonly project: string;
  /** What the runbook of a request says; for one that is no longer there, the little that can be said. */
  contextOf(request: Entry & { kind: 'run-requested' }): SalContext;
  /** Told of each entry once it is durable; not told again after a crash. */
  logged(entry: SalEntry): void;
}

interface FollowedRun {
  readonly state: SalState | undefined;
  readonly context: SalContext;
}

/**
 * Puts into the log what the journal says, from where it had come when it last stopped, then as it happens; true times
 * in both cases. Ends with the signal. Throws SalUnavailable when the log cannot be written and ImpossibleState for a
 * damaged journal: called again, it goes on without losing or doubling a line.
 */
export async function followJournal(follower: SalFollower, signal: AbortSignal): Promise<void> {
  const runs = new Map<RunId, FollowedRun>();
  const start = await follower.log.position();
  for await (const recorded of follower.journal.follow(start, signal)) {
    // A journal may have handed out a whole batch: nothing is to be written any more once the file may be closing.
    if (signal.aborted) return;
    const { context, state } = runs.get(recorded.run) ?? (await runSoFar(follower, recorded));
    const next = journalLines(state, recorded, context);
    const ended = recorded.entry.kind === 'run-ended';
    if (ended) runs.delete(recorded.run);
    else runs.set(recorded.run, { context, state: next.state });
    // The place is written only with something: what said nothing says nothing when it is read again.
    if (next.lines.length === 0 && !ended) continue;
    const entries = next.lines.map(({ author, text }, line): NewSalEntry => {
      const source = { kind: 'run', run: recorded.run, seq: recorded.seq, line } as const;
      return { at: recorded.at, author, project: follower.project, message: fittedMessage(text), source };
    });
    for (const entry of await follower.log.advance(recorded.position, entries)) follower.logged(entry);
  }
}

/** What the run's earlier entries mean: they were logged before this process began. */
async function runSoFar(follower: SalFollower, { run, seq, entry }: Recorded): Promise<FollowedRun> {
  const earlier = seq === 1 ? [] : (await follower.journal.read(run)).filter((each) => each.seq < seq);
  const request = earlier[0]?.entry ?? entry;
  const context =
    request.kind === 'run-requested' ? follower.contextOf(request) : { salText: () => undefined };
  const state = earlier.reduce<SalState | undefined>(
    (before, each) => journalLines(before, each, context).state,
    undefined,
  );
  return { context, state };
}

/**
 * The reporter tells a destination what happens in runs: it follows the journal with a durable cursor of its own, so
 * after a crash it continues where it stopped, and a slow or broken chat never holds up a run.
 *
 * Invariants: nothing is told twice that the channel can be asked about. Where it can be read back the cursor follows
 * what has arrived, and what an earlier process may have sent is looked for first; where it cannot, the cursor moves
 * before a line is sent, and a line that was lost is made good by the next one. Lines are handed over in the order of
 * the journal and not waited for: an alarm is not queued here behind anything.
 * What it does not do: announcements (they have a ledger) and the Server Admin Log.
 */
import type { Clock } from '../domain/clock.js';
import type { Instant } from '../domain/instant.js';
import { evolve } from '../runner/evolve.js';
import type { Recorded } from '../runner/journal.js';
import { FollowedRuns } from './followed-runs.js';
import { type Destination, destinationText } from './platform.js';
import type { ReporterParts } from './reporter-parts.js';
import { Speaker } from './speaker.js';

/** Follows until the signal; never rejects for a chat that is down. */
export async function report(parts: ReporterParts, signal: AbortSignal): Promise<void> {
  const { journal, cursors, clock, to } = parts;
  const name = `reporter/${destinationText(to)}`;
  const from = await cursors.position(name);
  const runs = await FollowedRuns.open(parts, from);
  const speaker = await Speaker.open(parts, name, from, signal);
  const over = new AbortController();
  const entries = journal.follow(from, AbortSignal.any([signal, over.signal]))[Symbol.asyncIterator]();
  let next = entries.next();
  try {
    for (;;) {
      const due = earliest(speaker.mergeUntil(), runs.nextTick());
      if (!(await arrives(next, due, clock, signal))) {
        await speaker.flush();
        for (const line of runs.tick(clock.now(), speaker)) await speaker.sayByClock(line);
        continue;
      }
      const taken = await next;
      // A journal may have handed out a whole batch: whoever closes tells nothing more.
      if (taken.done === true || signal.aborted) break;
      next = entries.next();
      await tellEntry(parts, runs, speaker, taken.value);
    }
  } finally {
    // Where something else went wrong, nobody waits for the next entry any more.
    next.catch(() => undefined);
    over.abort(new Error('the reporter has ended'));
    await speaker.close();
  }
}

async function tellEntry(
  parts: ReporterParts,
  runs: FollowedRuns,
  speaker: Speaker,
  recorded: Recorded,
): Promise<void> {
  const before = await runs.before(recorded);
  const state = evolve(before, recorded);
  const run = await runs.follow(recorded, state);
  if (run === undefined) {
    await speaker.pass(recorded.position);
    return;
  }
  const view = { run, state };
  const isAnswered = isAnsweredHere(recorded, parts.to) && !parts.platform.limits.edits;
  const told = isAnswered ? [] : await parts.tell.entry(before, view, recorded);
  await speaker.tell(view, recorded, told);
}

/** A request is answered with its plan in the chat where it was made: there this would be the same once more. */
function isAnsweredHere({ entry }: Recorded, to: Destination): boolean {
  return entry.kind === 'run-requested' && entry.by.chat === destinationText(to);
}

function earliest(...times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : (Math.min(...known) as Instant);
}

/**
 * Turns that an entry which the journal holds already may take to come through. Not a delay: a clock that jumps would
 * jump meanwhile.
 */
const TURNS = 50;

/** Whether the next entry is there before it is `due`. What the journal holds already always is. */
async function arrives(
  next: Promise<unknown>,
  due: Instant | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  let isThere = false;
  const entry = next.then(() => {
    isThere = true;
    return true;
  });
  if (due === undefined) return entry;
  const over = new AbortController();
  const wait = async (): Promise<boolean> => {
    try {
      await clock.sleepUntil(due, AbortSignal.any([signal, over.signal]));
    } catch {
      return entry;
    }
    for (let turn = 0; turn < TURNS && !isThere; turn += 1) await Promise.resolve();
    return isThere;
  };
  try {
    return await Promise.race([entry, wait()]);
  } finally {
    over.abort(new Error('something happened'));
  }
}

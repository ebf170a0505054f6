/**
 * The reporter tells a destination what happens in runs: it follows the journal with a durable cursor of its own, so
 * after a crash it continues where it stopped and a slow or broken chat never holds up a run.
 *
 * Invariant: the cursor moves before the line is sent, so no line is told twice; where a send fails the next line tells
 * the state as it is then. What it does not do: announcements (they have a ledger) and the Server Admin Log.
 */
import { explainError } from '../domain/errors.js';
import { evolve, foldRun } from '../runner/evolve.js';
import type { JournalReader, Recorded, RunId } from '../runner/journal.js';
import type { PreparedRun } from '../runner/prepared-run.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import type { Cursors } from './cursors.js';
import type { Message } from './message.js';
import { type ChatPlatform, type Destination, destinationText } from './platform.js';

/** What one entry means to a destination: run-lines.ts or community-lines.ts. */
export type Telling = (
  before: RunState | undefined,
  view: RunView,
  recorded: Recorded,
) => readonly Message[] | Promise<readonly Message[]>;

export interface ReporterParts {
  readonly journal: JournalReader;
  readonly cursors: Cursors;
  readonly platform: Pick<ChatPlatform, 'send'>;
  readonly to: Destination;
  readonly tell: Telling;
  /** Undefined for a run whose runbook is not known here. */
  preparedRun(run: RunId): Promise<PreparedRun | undefined>;
  trouble(text: string): void;
}

/** Follows until the signal; never rejects for a chat that is down. */
export async function report(parts: ReporterParts, signal: AbortSignal): Promise<void> {
  const { journal, cursors, to } = parts;
  const name = `reporter/${destinationText(to)}`;
  const states = new Map<RunId, RunState>();
  const from = await cursors.position(name);
  for await (const recorded of journal.follow(from, signal)) {
    const before = states.get(recorded.run) ?? (await stateBefore(journal, recorded));
    const state = evolve(before, recorded);
    if (state.stage === 'ended') states.delete(recorded.run);
    else states.set(recorded.run, state);
    await cursors.advance(name, recorded.position);
    if (isAnsweredHere(recorded, to)) continue;
    const run = await parts.preparedRun(recorded.run);
    if (run === undefined) continue;
    const messages = await parts.tell(before, { run, state }, recorded);
    for (const [index, message] of messages.entries())
      await send(parts, message, `${name}/${recorded.run}/${recorded.seq}/${index}`);
  }
}

/** A request is answered with its plan in the chat where it was made: there this would be the same once more. */
function isAnsweredHere({ entry }: Recorded, to: Destination): boolean {
  return entry.kind === 'run-requested' && entry.by.chat === destinationText(to);
}

async function send(parts: ReporterParts, message: Message, key: string): Promise<void> {
  try {
    await parts.platform.send(parts.to, message, key);
  } catch (error) {
    parts.trouble(`${destinationText(parts.to)} was not told: ${explainError(error)}`);
  }
}

async function stateBefore(journal: JournalReader, { run, seq }: Recorded): Promise<RunState | undefined> {
  if (seq === 1) return undefined;
  const entries = await journal.read(run);
  return foldRun(entries.filter((entry) => entry.seq < seq));
}

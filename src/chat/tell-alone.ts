/**
 * The last step of a roll call: those whose answer is missing are spoken to alone, on every platform that knows where.
 * It follows the journal with a cursor of its own that moves first: nobody is called twice, and somebody who has
 * answered meanwhile is left in peace.
 */
import type { Person } from '../access/person.js';
import { whoIsMissing } from '../access/who-is-missing.js';
import type { Clock } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { PersonName } from '../domain/names.js';
import type { JournalReader, RunId } from '../runner/journal.js';
import type { RunState } from '../runner/run-state.js';
import type { Cursors } from './cursors.js';
import { type Crowd, directMessage } from './gate-lines.js';
import { type ChatPlatform, type Destination, notTold } from './platform.js';

export interface TellAloneParts {
  readonly journal: JournalReader;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly platform: Pick<ChatPlatform, 'name' | 'send' | 'directTo'>;
  readonly crowd: Crowd;
  personNamed(name: PersonName): Person | undefined;
  /** As it is now; undefined for one that is not known here. */
  stateOf(run: RunId): Promise<RunState | undefined>;
  trouble(text: string): void;
}

/** Follows until the signal; never rejects for a chat that is down. */
export async function tellAlone(parts: TellAloneParts, signal: AbortSignal): Promise<void> {
  const { journal, cursors, platform } = parts;
  const name = `alone/${platform.name}`;
  for await (const { position, run, seq, entry } of journal.follow(await cursors.position(name), signal)) {
    if (entry.kind !== 'gate-reminded' || entry.how !== 'direct') continue;
    await cursors.advance(name, position);
    await call(parts, run, entry.gate, `${name}/${run}/${seq}`);
  }
}

async function call(parts: TellAloneParts, run: RunId, id: string, key: string): Promise<void> {
  const state = await parts.stateOf(run);
  const gate = state?.gates.find((candidate) => candidate.id === id);
  if (state === undefined || gate?.settled !== undefined || gate === undefined) return;
  const text = directMessage(state, gate, parts.clock.now());
  const people = whoIsMissing(gate, gate.votes, parts.crowd);
  await Promise.all(
    people.map(async (name) => {
      const to = await placeOf(parts, name);
      if (to === undefined) return;
      await parts.platform.send(to, text, `${key}/${name}`).catch((error: unknown) => {
        parts.trouble(notTold(to, error));
      });
    }),
  );
}

/** The first of somebody's identities on this platform that is there. */
async function placeOf(parts: TellAloneParts, name: PersonName): Promise<Destination | undefined> {
  for (const identity of parts.personNamed(name)?.identities ?? []) {
    if (identity.kind !== parts.platform.name) continue;
    try {
      const to = await parts.platform.directTo?.(identity);
      if (to !== undefined) return to;
    } catch (error) {
      parts.trouble(`${name} could not be spoken to on ${parts.platform.name}: ${explainError(error)}`);
    }
  }
  return undefined;
}

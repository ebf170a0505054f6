import { ImpossibleState } from '../domain/errors.js';
import { type Instant, isoSeconds } from '../domain/instant.js';
import type { SalMessage } from './message.js';

/**
 * What an entry was made from. Each source is logged once: a chat may deliver a line twice, and a follower may read a
 * journal entry again after a crash.
 */
export type SalSource =
  /** Line `line`, from 0, of what the entry `seq` of a run's journal says. */
  | { readonly kind: 'run'; readonly run: number; readonly seq: number; readonly line: number }
  /** Something a person said; `id` is unique over all chats: `irc/#operations/1774447200-17`. */
  | { readonly kind: 'message'; readonly id: string };

/** A line for the Server Admin Log that is not in it yet. */
export interface NewSalEntry {
  /** When it happened, which may be long before it is logged. */
  readonly at: Instant;
  /** The person; a run's lines bear the name of the person on whose behalf it acted. */
  readonly author: string;
  /** `production`: from the channel, or from configuration. */
  readonly project: string;
  readonly message: SalMessage;
  readonly source: SalSource;
}

export interface SalEntry extends NewSalEntry {
  /** Grows in the order of logging; names the entry for ever, in links too. */
  readonly id: number;
}

/** `[2025-09-18T16:16:02Z] <alice> text`: the form that readers and bots of server admin logs know. Pure. */
export function formatSalEntry({ at, author, message }: NewSalEntry): string {
  return `[${isoSeconds(at)}] <${author}> ${message}`;
}

/** One text for one source: `run/41/17/0`, `message/irc/#operations/1774447200-17`. Pure. */
export function sourceKey(source: SalSource): string {
  return source.kind === 'run' ? `run/${source.run}/${source.seq}/${source.line}` : `message/${source.id}`;
}

/** The source that has this key. Pure; a key that `sourceKey` cannot have made throws ImpossibleState. */
export function parseSourceKey(key: string): SalSource {
  const [, run, seq, line] = /^run\/(\d+)\/(\d+)\/(\d+)$/.exec(key) ?? [];
  if (run !== undefined) return { kind: 'run', run: Number(run), seq: Number(seq), line: Number(line) };
  if (key.startsWith('message/')) return { kind: 'message', id: key.slice('message/'.length) };
  throw new ImpossibleState(`not the source of a log entry: ${key}`);
}

import { plural } from '../../domain/text.js';
import { NotSent, SentUnknown } from '../errors.js';
import type { LineOutcome, OutLine } from './deliveries.js';
import type { Item } from './items.js';
import type { Kept } from './kept.js';

/** How often something is said when nobody knows whether it arrived. */
const MOST_TRIES = 3;

export interface SettleParts {
  readonly kept: Kept;
  /** Says it again in its turn. */
  readonly again: (item: Item) => void;
  readonly trouble: (text: string) => void;
}

/** Lines that go out together and are answered for together. */
export interface Said {
  readonly items: readonly Item[];
  readonly lines: readonly OutLine[];
  readonly outcomes: readonly LineOutcome[];
}

/**
 * Answers for what was said: it arrived, it was refused, or nobody knows, and then it is said again or given up.
 *
 * @returns Whether it is known.
 */
export function settle({ items, lines, outcomes }: Said, parts: SettleParts): boolean {
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  const taken = outcomes.filter((outcome) => outcome.kind === 'taken');
  if (taken.length === lines.length) arrived(items, taken[0]?.proof ?? 'nothing to say', parts);
  else if (refused !== undefined && taken.length === 0)
    wasRefused(items, `the server refuses it: ${refused.because}`, parts);
  else {
    isUnknown(items, parts);
    return false;
  }
  return true;
}

function arrived(items: readonly Item[], proof: string, { kept }: SettleParts): void {
  kept.sent(items, proof);
  for (const item of items) item.settled.resolve(proof);
}

function wasRefused(items: readonly Item[], because: string, { kept, trouble }: SettleParts): void {
  kept.dropped(items);
  for (const item of items) item.settled.reject(new NotSent(because));
  trouble(`IRC: ${plural(items.length, 'message')} to ${items[0]?.channel ?? ''} was not said: ${because}`);
}

function isUnknown(items: readonly Item[], { kept, again, trouble }: SettleParts): void {
  for (const item of items) item.unknown += 1;
  const another = items.filter(({ unknown, lane }) => unknown < MOST_TRIES && lane !== 'detail');
  for (const item of another) again(item);
  const given = items.filter((item) => !another.includes(item));
  kept.dropped(given);
  for (const item of given) {
    const because = `nobody can tell whether ${item.channel} was told`;
    item.settled.reject(new SentUnknown(because));
    trouble(`IRC: ${because}`);
  }
}

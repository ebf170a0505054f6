import { oneLine, shorten } from '../domain/text.js';
import { closest } from '../domain/suggest.js';
import type { ConfigPath } from './path-text.js';
import { type Raw, rawAt } from './raw.js';

/** A mistake by its path alone; where that is in a file, only the file's reader knows. */
export interface Misfit {
  readonly path: ConfigPath;
  readonly found: string;
  readonly expected: string;
  readonly suggestion?: string;
  /** It is the key itself that is wrong, not what it holds. */
  readonly isKey?: boolean;
}

/** A value that does not fit, with the word that was probably meant where there are words to choose from. */
export function misfitAt(
  raw: Raw,
  path: ConfigPath,
  expected: string,
  words: readonly string[] = [],
): Misfit {
  const value = rawAt(raw, path);
  const suggestion = typeof value === 'string' ? didYouMean(value, words) : undefined;
  return { path, found: valueText(value), expected, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** A key that does not fit. */
export function keyMisfit(
  path: ConfigPath,
  found: string,
  expected: string,
  words: readonly string[],
): Misfit {
  const suggestion = didYouMean(String(path.at(-1) ?? ''), words);
  return { path, found, expected, isKey: true, ...(suggestion === undefined ? {} : { suggestion }) };
}

function didYouMean(typed: string, words: readonly string[]): string | undefined {
  // Among numbers and single letters everything is near to everything.
  const meant = typed.length < 3 ? undefined : closest(typed, words);
  return meant === undefined || meant === typed ? undefined : `did you mean ${JSON.stringify(meant)}?`;
}

/** The value as it would be written, on one line and not too long. */
export function valueText(value: Raw): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty section' : 'a section';
  if (typeof value === 'string') return JSON.stringify(shorten(oneLine(value), 60));
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : 'a value of no known type';
}

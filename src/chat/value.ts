import { isoSeconds, parseInstant, type Instant } from '../domain/instant.js';
import { parseTrackerTask, type TrackerTask } from '../domain/names.js';
import { listed, shorten } from '../domain/text.js';

/** A value, or what was given and what would have been right. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly given: string; readonly expected: string };

/** How one argument is read from its text. Pure and total. */
export interface Value<T> {
  /** What stands for it in a usage line: `N`, `T12345`. */
  readonly shownAs: string;
  /** Where only certain words are right: what is offered when something near them is typed. */
  readonly choices: readonly string[];
  read(text: string): Reading<T>;
}

/** A value of one's own: `read` answers undefined for what is not one. */
export function valueOf<T>(
  shownAs: string,
  expected: string,
  read: (text: string) => T | undefined,
  choices: readonly string[] = [],
): Value<T> {
  return {
    shownAs,
    choices,
    read(text) {
      const value = read(text);
      return value === undefined ? { ok: false, given: text, expected } : { ok: true, value };
    },
  };
}

/** Any text that is not empty. */
export function anyText(shownAs = 'TEXT'): Value<string> {
  return valueOf(shownAs, 'some text', (given) => (given.trim() === '' ? undefined : given));
}

export function wholeNumber(least: number, most: number, shownAs = 'N'): Value<number> {
  return valueOf(shownAs, `a whole number from ${least} to ${most}`, (given) => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    return number >= least && number <= most ? number : undefined;
  });
}

/** One of these words, in any case: phones write a capital at the start of a line. */
export function oneOf<const T extends string>(words: readonly T[], shownAs = words.join('|')): Value<T> {
  const expected =
    words.length === 0
      ? 'nothing: there is none'
      : listed(
          words.map((word) => shorten(word, 40)),
          'or',
        );
  return valueOf(
    shownAs,
    expected,
    (given) => words.find((word) => word === given) ?? words.find((word) => sameWord(word, given)),
    words,
  );
}

/** `T12345`. */
export const trackerTask: Value<TrackerTask> = valueOf('T12345', 'a tracker task such as T12345', (given) =>
  parseTrackerTask(given.toUpperCase()),
);

/** A full ISO 8601 instant with its zone. */
export const instantValue: Value<Instant> = valueOf(
  'INSTANT',
  `an instant with its zone, such as ${isoSeconds(0 as Instant)}`,
  parseInstant,
);

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

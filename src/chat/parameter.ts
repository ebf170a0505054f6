import type { Reading, Value } from './value.js';

/**
 * Where a parameter's text comes from: a `word` by its position, all `words` that are left, the rest of the `line`
 * exactly as it was typed, a `switch` that is given or not, a `flag` with a value.
 */
export type Place = 'word' | 'words' | 'line' | 'switch' | 'flag';

/** One argument of a command: how it is called, what it means, and how its texts become a value. */
export interface Parameter<T> {
  readonly place: Place;
  /** `RUN` for a word; `task` for `--task`. */
  readonly name: string;
  /** One line for somebody who has not used it before. */
  readonly means: string;
  readonly needed: boolean;
  /** Given only together with the word after it: `[FROM TO]`. */
  readonly withNext: boolean;
  /** A flag that may be given more than once. */
  readonly repeats: boolean;
  /** What stands for the value of a flag: `T12345`. */
  readonly shownAs: string;
  readonly choices: readonly string[];
  /** Whether one text could be this argument: decides which optional words were left out. */
  accepts(text: string): boolean;
  /** All texts given for it, in order; empty when it was not given. */
  read(given: readonly string[]): Reading<T>;
}

interface Described<T> {
  readonly name: string;
  readonly means: string;
  readonly value: Value<T>;
}

/** A word that must be given. */
export function required<T>({ name, means, value }: Described<T>): Parameter<T> {
  return { ...parts('word', name, means, value), needed: true, read: (given) => value.read(given[0] ?? '') };
}

/** A word that may be left out. One that is not right for it is tried for the optional words after it. */
export function optional<T>({ name, means, value }: Described<T>): Parameter<T | undefined> {
  return { ...parts('word', name, means, value), read: atMostOne(value) };
}

/** A word that may be left out, and then so must the optional one after it: `[FROM TO]`. */
export function optionalWithNext<T>(described: Described<T>): Parameter<T | undefined> {
  return { ...optional(described), withNext: true };
}

/** All words that are left, none included. */
export function rest<T>({ name, means, value }: Described<T>): Parameter<readonly T[]> {
  return { ...parts('words', name, means, value), read: (given) => each(value, given) };
}

/** The rest of the line as it was typed: quotes, dashes and backslashes in it mean nothing. Never empty. */
export function restOfLine<T>({ name, means, value }: Described<T>): Parameter<T> {
  return { ...parts('line', name, means, value), needed: true, read: (given) => value.read(given[0] ?? '') };
}

/** `--dry-run`: given or not. */
export function toggle({
  name,
  means,
}: {
  readonly name: string;
  readonly means: string;
}): Parameter<boolean> {
  const nothing: Value<never> = {
    shownAs: '',
    choices: [],
    read: (given) => ({ ok: false, given, expected: 'no value' }),
  };
  return {
    ...parts('switch', name, means, nothing),
    read: (given) => ({ ok: true, value: given.length > 0 }),
  };
}

/** `--task T12345`, at most once. */
export function flag<T>({ name, means, value }: Described<T>): Parameter<T | undefined> {
  return { ...parts('flag', name, means, value), read: atMostOne(value) };
}

/** `--reason TEXT`, once. */
export function requiredFlag<T>({ name, means, value }: Described<T>): Parameter<T> {
  return { ...parts('flag', name, means, value), needed: true, read: (given) => value.read(given[0] ?? '') };
}

/** `--note A --note B`. */
export function repeatedFlag<T>({ name, means, value }: Described<T>): Parameter<readonly T[]> {
  return { ...parts('flag', name, means, value), repeats: true, read: (given) => each(value, given) };
}

/** `--only A,B`, also `--only A --only B`. Empty when not given. */
export function listFlag<T>({ name, means, value }: Described<T>): Parameter<readonly T[]> {
  return {
    ...parts('flag', name, means, value),
    repeats: true,
    shownAs: `${value.shownAs}[,${value.shownAs}]`,
    read: (given) =>
      each(
        value,
        given.flatMap((list) => list.split(',')).map((item) => item.trim()),
      ),
  };
}

function parts<T>(
  place: Place,
  name: string,
  means: string,
  value: Value<T>,
): Omit<Parameter<unknown>, 'read'> {
  return {
    place,
    name,
    means,
    needed: false,
    withNext: false,
    repeats: false,
    shownAs: value.shownAs,
    choices: value.choices,
    accepts: (text) => value.read(text).ok,
  };
}

function atMostOne<T>(value: Value<T>): (given: readonly string[]) => Reading<T | undefined> {
  return ([only]) => (only === undefined ? { ok: true, value: undefined } : value.read(only));
}

function each<T>(value: Value<T>, given: readonly string[]): Reading<readonly T[]> {
  const values: T[] = [];
  for (const text of given) {
    const reading = value.read(text);
    if (!reading.ok) return reading;
    values.push(reading.value);
  }
  return { ok: true, value: values };
}

import { closest } from '../domain/suggest.js';
import { listed } from '../domain/text.js';
import { CAPABILITY_NAMES } from '../access/capability.js';
import type { Command } from './command.js';
import { CommandsRefused } from './errors.js';
import { nameOf } from './grammar.js';
import { lineOf } from './line.js';

/** All commands, found by any of their words. */
export interface Registry {
  /** In the order in which they were given. */
  readonly commands: readonly Command<unknown>[];
  /** Any case. */
  find(word: string): Command<unknown> | undefined;
  /** The word that was probably meant. */
  suggest(word: string): string | undefined;
}

/** Flags that the command line takes for itself, before any command sees them. */
export const RESERVED_FLAGS: readonly string[] = ['help', 'json', 'as', 'data', 'config'];

/**
 * Throws CommandsRefused with everything that is wrong: two commands with one word, a capability that does not exist,
 * an example that does not work, a name that cannot be typed.
 */
export function openRegistry(commands: readonly Command<unknown>[]): Registry {
  const mistakes = [...duplicates(commands), ...commands.flatMap(mistakesOf)];
  if (mistakes.length > 0) throw new CommandsRefused(mistakes);

  const byWord = new Map(
    commands.flatMap((command) => command.words.map((word) => [word, command] as const)),
  );
  const tried = new Map(
    commands.flatMap(({ words: [name = ''], tried: others = [] }) =>
      others.map((word) => [word, name] as const),
    ),
  );
  return {
    commands,
    find: (word) => byWord.get(word.toLowerCase()),
    suggest: (word) => tried.get(word.toLowerCase()) ?? closest(word, byWord.keys()),
  };
}

function duplicates(commands: readonly Command<unknown>[]): readonly string[] {
  const words = commands.flatMap((command) => [...command.words, ...(command.tried ?? [])]);
  return words
    .filter((word, index) => words.indexOf(word) !== index)
    .map((word) => `two commands are called ${word}: rename one of them`);
}

function mistakesOf(command: Command<unknown>): readonly string[] {
  const name = command.words[0];
  if (name === undefined) return [`a command has no words (${command.summary})`];
  return [
    ...command.words.filter((word) => !/^[a-z][a-z0-9-]*$/.test(word)).map((word) => misspelt(word)),
    ...capabilityMistakes(name, command),
    ...parameterMistakes(name, command),
    ...exampleMistakes(name, command),
  ];
}

function misspelt(word: string): string {
  const better = word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return `"${word}" cannot be a command's word: say ${better === '' ? 'a lower-case word' : better}`;
}

/** Types forbid most of this; what is read from somewhere else, or cast, is still checked. */
function capabilityMistakes(name: string, { requires, writes }: Command<unknown>): readonly string[] {
  const known: readonly string[] = ['anyone', ...CAPABILITY_NAMES];
  if (!known.includes(requires)) {
    return [
      `${name} requires the unknown capability "${requires}": say ${closest(requires, known) ?? listed(known, 'or')}`,
    ];
  }
  return requires === 'anyone' && writes
    ? [`${name} writes, so it may not be for anyone: say which capability`]
    : [];
}

function parameterMistakes(name: string, { grammar: { parameters } }: Command<unknown>): readonly string[] {
  const names = parameters.map(nameOf);
  const words = parameters.filter(({ place }) => place === 'word' || place === 'words' || place === 'line');
  return [
    ...names
      .filter((each, index) => names.indexOf(each) !== index)
      .map((each) => `${name} has two parameters ${each}`),
    ...parameters
      .filter((parameter) => RESERVED_FLAGS.includes(parameter.name) && nameOf(parameter).startsWith('--'))
      .map((parameter) => `${name} may not have --${parameter.name}: the command line takes it`),
    ...words
      .slice(0, -1)
      .filter(({ place }) => place !== 'word')
      .map((parameter) => `${name}: nothing can follow ${nameOf(parameter)}, which takes all that is left`),
    ...words
      .filter(({ needed }, index) => needed && words[index - 1]?.needed === false)
      .map(
        (parameter) =>
          `${name}: ${nameOf(parameter)} must be given, so it must stand before the optional words`,
      ),
  ];
}

function exampleMistakes(name: string, command: Command<unknown>): readonly string[] {
  const line = lineOf(command.example);
  const [first, ...tokens] = line.tokens;
  if (first === undefined) return [`${name} has no example`];
  if (!command.words.includes(first.text))
    return [`the example of ${name} begins with "${first.text}": say ${name}`];
  const read = command.grammar.read({ ...line, tokens });
  if (read.kind === 'arguments') return [];
  const { what, didYouMean } =
    read.kind === 'mistake' ? read.mistake : { what: 'It only asks for help.', didYouMean: undefined };
  return [
    `the example of ${name} does not work: ${what}${didYouMean === undefined ? '' : ` Say ${didYouMean}`}`,
  ];
}

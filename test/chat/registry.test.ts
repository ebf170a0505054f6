import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/chat/command.js';
import { CommandsRefused } from '../../src/chat/errors.js';
import { grammar, noArguments } from '../../src/chat/grammar.js';
import { optional, required, rest, restOfLine, toggle } from '../../src/chat/parameter.js';
import { openRegistry } from '../../src/chat/registry.js';
import { anyText } from '../../src/chat/value.js';
import { command, goGrammar, registry } from './support.js';

const mistakesOf = (...commands: Command<unknown>[]): readonly string[] => {
  try {
    openRegistry(commands);
    return [];
  } catch (error) {
    if (error instanceof CommandsRefused) return error.mistakes;
    throw error;
  }
};

test('a command is found by each of its words, in any case', () => {
  expect(registry.find('GO')).toBe(registry.find('yes'));
  expect(registry.find('went')).toBeUndefined();
  expect(registry.suggest('satrt')).toBe('start');
});

test('a word that people try for a command leads to it, and does not run it', () => {
  const stop = command('hold', grammar({}), { example: 'hold', tried: ['stop'] });
  const { find, suggest } = openRegistry([...registry.commands, stop]);
  expect(suggest('STOP')).toBe('hold');
  expect(find('stop')).toBeUndefined();
});

describe('refused at start-up, with what to write instead', () => {
  const next = (over: Partial<Command<object>>): Command<unknown> =>
    command('next', noArguments, { example: 'next', ...over });
  const withGrammar = (itsGrammar: Command<object>['grammar']): readonly string[] =>
    mistakesOf(command('next', itsGrammar, { example: 'next a b c' }));
  const word = (name: string) => ({ name, means: 'a word', value: anyText() });

  test('two commands with one word', () => {
    expect(mistakesOf(next({}), next({ words: ['dates', 'next'] }))).toEqual([
      'two commands are called next: rename one of them',
    ]);
    expect(mistakesOf(next({}), next({ words: ['dates'], tried: ['next'], example: 'dates' }))).toEqual([
      'two commands are called next: rename one of them',
    ]);
  });

  test('a word that cannot be typed', () => {
    expect(mistakesOf(next({ words: ['next', 'Next One'] }))).toEqual([
      '"Next One" cannot be a command\'s word: say next-one',
    ]);
    expect(mistakesOf(next({ words: [] }))).toEqual(['a command has no words (do next)']);
  });

  test('a capability that does not exist', () => {
    expect(mistakesOf(next({ requires: 'aprove' as 'approve' }))).toEqual([
      'next requires the unknown capability "aprove": say approve',
    ]);
  });

  test('a command for anyone that writes', () => {
    expect(mistakesOf(next({ writes: true }))).toEqual([
      'next writes, so it may not be for anyone: say which capability',
    ]);
  });

  test('an example that is missing, of another command, or does not work', () => {
    expect(mistakesOf(next({ example: '' }))).toEqual(['next has no example']);
    expect(mistakesOf(next({ example: 'netx' }))).toEqual([
      'the example of next begins with "netx": say next',
    ]);
    expect(mistakesOf(command('go', goGrammar, { example: 'go north' }))).toEqual([
      'the example of go does not work: "north" is not right for RUN: expected a whole number from 1 to 999.',
    ]);
    expect(mistakesOf(next({ example: 'next --help' }))).toEqual([
      'the example of next does not work: It only asks for help.',
    ]);
  });

  test('parameters that contradict each other', () => {
    expect(
      withGrammar(grammar({ a: required(word('A')), b: required(word('A')), c: required(word('C')) })),
    ).toEqual(['next has two parameters A']);
    expect(
      withGrammar(grammar({ a: optional(word('A')), b: required(word('B')), c: optional(word('C')) })),
    ).toEqual(['next: B must be given, so it must stand before the optional words']);
    expect(withGrammar(grammar({ a: rest(word('A')), b: optional(word('B')) }))).toEqual([
      'next: nothing can follow A…, which takes all that is left',
    ]);
    expect(
      withGrammar(grammar({ a: toggle({ name: 'json', means: 'as JSON' }), b: restOfLine(word('B')) })),
    ).toEqual(['next may not have --json: the command line takes it']);
  });

  test('everything at once', () => {
    expect(mistakesOf(next({ example: '' }), next({ words: ['B'] }))).toHaveLength(3);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Grammar } from '../../src/chat/grammar.js';
import { noArguments, usage } from '../../src/chat/grammar.js';
import { lineOf, lineOfWords } from '../../src/chat/line.js';
import { findGrammar, goGrammar, logGrammar, startGrammar } from './support.js';

const read = <Args>(grammar: Grammar<Args>, text: string): Args | string => {
  const result = grammar.read(lineOf(text));
  if (result.kind === 'help') return 'help';
  if (result.kind === 'arguments') return result.args;
  return [result.mistake.what, result.mistake.didYouMean].filter((part) => part !== undefined).join(' → ');
};

describe('what is understood', () => {
  const nothing = {
    runbook: undefined,
    from: undefined,
    to: undefined,
    reason: undefined,
    only: [],
    note: [],
    dryRun: false,
  };

  test('every argument gets its value and its type', () => {
    expect(
      read(
        startGrammar,
        'wiki north south --task t12345 --ro-reason="be kind" --only 01-a,02-b --note a --note "b c" --dry-run',
      ),
    ).toEqual({
      runbook: 'wiki',
      from: 'north',
      to: 'south',
      task: 'T12345',
      reason: 'be kind',
      only: ['01-a', '02-b'],
      note: ['a', 'b c'],
      dryRun: true,
    });
  });

  test('what is left out is undefined, empty or false', () => {
    expect(read(startGrammar, '--task T1')).toEqual({ ...nothing, task: 'T1' });
  });

  test('an optional word that is left out is recognised by the one after it', () => {
    expect(read(startGrammar, 'north south --task T1')).toEqual({
      ...nothing,
      from: 'north',
      to: 'south',
      task: 'T1',
    });
  });

  test('flags may stand before, between and after the words, in any case', () => {
    expect(read(startGrammar, '--TASK=T1 wiki --Dry-Run north south')).toMatchObject({
      task: 'T1',
      dryRun: true,
      to: 'south',
    });
  });

  test('words with a fixed choice are read in any case', () => {
    expect(read(startGrammar, 'Wiki NORTH south --task T1')).toMatchObject({
      runbook: 'wiki',
      from: 'north',
    });
  });

  test('all words that are left are a list, each quotation one of them', () => {
    expect(read(findGrammar, 'one "two three" --limit 5 four')).toEqual({
      words: ['one', 'two three', 'four'],
      limit: 5,
    });
    expect(read(findGrammar, '')).toEqual({ words: [], limit: undefined });
  });

  test('after -- nothing is a flag', () => {
    expect(read(findGrammar, '--limit 5 -- --limit --help')).toEqual({
      words: ['--limit', '--help'],
      limit: 5,
    });
  });

  test('a quoted word is never a flag', () => {
    expect(read(findGrammar, '"--limit"')).toEqual({ words: ['--limit'], limit: undefined });
  });

  test('words with one dash are words', () => {
    expect(read(findGrammar, '-5 -')).toEqual({ words: ['-5', '-'], limit: undefined });
  });

  test.each([['--help'], ['-h'], ['wiki --help']])('help is asked for by %s', (text) => {
    expect(read(startGrammar, text)).toBe('help');
  });
});

describe('the rest of a line', () => {
  const message = (text: string): unknown => {
    const args = read(logGrammar, text);
    return typeof args === 'string' ? args : args.message;
  };

  test.each([
    ['quotes and backslashes mean nothing', `it's a "test" \\o/`, `it's a "test" \\o/`],
    ['double spaces stay', 'a  b', 'a  b'],
    ['unknown flags are words of the message', '--force was used', '--force was used'],
    ['dashes and quotes of a phone stay as they are', '“quoted” — and then', '“quoted” — and then'],
    ['an open quote is no mistake', 'the "other one', 'the "other one'],
    ['a message that is one quotation loses its quotes', '"restarted db1"', 'restarted db1'],
    ['but not behind --', '-- "restarted db1"', '"restarted db1"'],
    ['behind -- everything is the message', '-- --quiet --help', '--quiet --help'],
    ['flags of the command come first', '--quiet restarted --quiet', 'restarted --quiet'],
    ['nothing is a mistake', '   ', 'MESSAGE is missing: what you did.'],
    ['nothing behind -- is one too', '--', 'MESSAGE is missing: what you did.'],
  ])('%s', (_what, text, expected) => {
    expect(message(text)).toBe(expected);
  });

  test('from a shell it is the words with one space between them', () => {
    expect(logGrammar.read(lineOfWords(['--quiet', "it's", 'a "test"', '--x']))).toEqual({
      kind: 'arguments',
      args: { quiet: true, message: 'it\'s a "test" --x' },
    });
  });
});

describe('mistakes say what is wrong and what was meant', () => {
  test.each([
    ['wiki north south', '--task is missing: the tracker task.'],
    ['--task', '--task needs a value: --task T12345.'],
    ['--task --dry-run', '--task needs a value: --task T12345.'],
    ['--task 12345', '"12345" is not right for --task: expected a tracker task such as T12345.'],
    ['--task T1 --task T2', '--task is given twice.'],
    ['--task T1 --dry-run=yes', '--dry-run takes no value.'],
    ['--task T1 --dryrun', 'There is no "--dryrun" here. → --dry-run'],
    ['--task T1 --zzzzzzz', 'There is no "--zzzzzzz" here.'],
    ['--task T1 --', '✓'],
    ['wikki --task T1', '"wikki" is not right for RUNBOOK: expected wiki or services. → wiki'],
    ['nroth south --task T1', '"nroth" is not right for FROM: expected north or south. → north'],
    ['north --task T1', 'FROM and TO are given together or not at all.'],
    ['wiki north south east --task T1', '"east" is one word too many.'],
    ['wiki north south -dry-run --task T1', '"-dry-run" is not understood here. → --dry-run'],
    ['dryrun --task T1', '"dryrun" is not understood here. → --dry-run'],
    ['wiki dry run --task T1', '"dry" is not understood here. → --dry-run'],
    ['wikis --task T1', '"wikis" is not right for RUNBOOK: expected wiki or services. → wiki'],
    ['--task T1 --only 01-a,02-a', '"02-a" is not right for --only: expected 01-a or 02-b. → 01-a'],
    ['--task T1 --only ""', '"" is not right for --only: expected 01-a or 02-b.'],
    ['--task T1 --ro-reason " "', '"" is not right for --ro-reason: expected some text.'],
    ['--task T1 --ro-reason "oh', 'The quote " is opened and not closed.'],
    ['"oh', 'The quote " is opened and not closed.'],
  ])('%s', (text, expected) => {
    const result = read(startGrammar, text);
    expect(typeof result === 'string' ? result : '✓').toBe(expected);
  });

  test.each([
    ['', 'RUN is missing: the number of the run.'],
    ['0', '"0" is not right for RUN: expected a whole number from 1 to 999.'],
    ['1e2', '"1e2" is not right for RUN: expected a whole number from 1 to 999.'],
    ['9'.repeat(60), `"${'9'.repeat(39)}…" is not right for RUN: expected a whole number from 1 to 999.`],
  ])('go %s', (text, expected) => {
    expect(read(goGrammar, text)).toBe(expected);
  });
});

test('the usage line shows every argument as it is written', () => {
  expect(usage('start', startGrammar)).toBe(
    'start [RUNBOOK] [FROM TO] --task T12345 [--ro-reason TEXT] [--only TASK[,TASK]] [--note TEXT] [--dry-run]',
  );
  expect(usage('go', goGrammar)).toBe('go RUN [NOTE]');
  expect(usage('find', findGrammar)).toBe('find [WORDS…] [--limit N]');
  expect(usage('log', logGrammar)).toBe('log [--quiet] MESSAGE');
  expect(usage('next', noArguments)).toBe('next');
});

test('types follow from the parameters', () => {
  const result = startGrammar.read(lineOf('--task T1'));
  if (result.kind !== 'arguments') throw new Error('not understood');
  // Checked by the compiler: an inferred `any` or `unknown` would not fit.
  const from: 'north' | 'south' | undefined = result.args.from;
  const only: readonly ('01-a' | '02-b')[] = result.args.only;
  const dryRun: boolean = result.args.dryRun;
  // @ts-expect-error a tracker task is no number
  const task: number = result.args.task;
  expect([from, only, dryRun, task]).toEqual([undefined, [], false, 'T1']);
});

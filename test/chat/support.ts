import type { Command, Reply } from '../../src/chat/command.js';
import { grammar, type Grammar } from '../../src/chat/grammar.js';
import { say } from '../../src/chat/message.js';
import {
  flag,
  listFlag,
  optional,
  optionalWithNext,
  repeatedFlag,
  required,
  requiredFlag,
  rest,
  restOfLine,
  toggle,
} from '../../src/chat/parameter.js';
import { openRegistry } from '../../src/chat/registry.js';
import { answered } from '../../src/chat/reply.js';
import { anyText, oneOf, trackerTask, wholeNumber } from '../../src/chat/value.js';

const place = oneOf(['north', 'south'], 'PLACE');

/** A grammar with one of everything. */
export const startGrammar = grammar({
  runbook: optional({ name: 'RUNBOOK', means: 'what to do', value: oneOf(['wiki', 'services']) }),
  from: optionalWithNext({ name: 'FROM', means: 'from where', value: place }),
  to: optional({ name: 'TO', means: 'to where', value: place }),
  task: requiredFlag({ name: 'task', means: 'the tracker task', value: trackerTask }),
  reason: flag({ name: 'ro-reason', means: 'what editors are told', value: anyText() }),
  only: listFlag({ name: 'only', means: 'these tasks alone', value: oneOf(['01-a', '02-b'], 'TASK') }),
  note: repeatedFlag({ name: 'note', means: 'something to remember', value: anyText() }),
  dryRun: toggle({ name: 'dry-run', means: 'write nothing' }),
});

export const goGrammar = grammar({
  run: required({ name: 'RUN', means: 'the number of the run', value: wholeNumber(1, 999) }),
  note: optional({ name: 'NOTE', means: 'why', value: anyText() }),
});

export const findGrammar = grammar({
  words: rest({ name: 'WORDS', means: 'what to look for', value: anyText() }),
  limit: flag({ name: 'limit', means: 'how many', value: wholeNumber(1, 99) }),
});

export const logGrammar = grammar({
  message: restOfLine({ name: 'MESSAGE', means: 'what you did', value: anyText() }),
  quiet: toggle({ name: 'quiet', means: 'tell nobody' }),
});

/** A command that answers with what it was given. */
export function command<Args extends object>(
  name: string,
  itsGrammar: Grammar<Args>,
  rest: Partial<Command<Args>> & { readonly example: string },
): Command<Args> {
  return {
    words: [name],
    summary: `do ${name}`,
    requires: 'anyone',
    writes: false,
    grammar: itsGrammar,
    run: async (args): Promise<Reply> => answered(say(name), { [name]: JSON.stringify(args) }),
    ...rest,
  };
}

export const registry = openRegistry([
  command('start', startGrammar, {
    example: 'start wiki north south --task T1',
    requires: 'operate',
    writes: true,
  }),
  command('go', goGrammar, { example: 'go 41', words: ['go', 'yes'], requires: 'answer', writes: true }),
  command('find', findGrammar, { example: 'find "two words" --limit 5' }),
  command('log', logGrammar, { example: 'log restarted db1', requires: 'log', writes: true }),
]);
